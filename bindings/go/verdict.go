package twinlock

// #include <twinlock.h>
import "C"

import (
	"errors"
	"time"
)

// verdict is a native verdict that is closed until its record is stored.
type verdict struct {
	fields
	pending *C.twinlock_pending
}

func newVerdict(pending *C.twinlock_pending) *verdict {
	alive.Add(1)
	return &verdict{pending: pending, fields: fields{
		text: func(field C.int32_t, index C.size_t, o out) C.int32_t {
			return C.twinlock_pending_text(pending, field, index, o.data, o.capacity, o.length)
		},
		count: func(field C.int32_t, out *C.size_t) C.int32_t {
			return C.twinlock_pending_count(pending, field, out)
		},
		number: func(field C.int32_t, out *C.int64_t) C.int32_t {
			return C.twinlock_pending_int(pending, field, out)
		},
	}}
}

// record is what has to be stored; empty where nothing has to be.
func (v *verdict) record() ([]byte, error) {
	return bytesOut(func(o out) C.int32_t {
		return C.twinlock_pending_record(v.pending, o.bytes(), o.capacity, o.length)
	})
}

// commit says whether the record was stored and opens the verdict. Its error is ErrCommitLost itself where the
// call has to be repeated.
func (v *verdict) commit(stored bool) error {
	var rows C.int64_t
	if stored {
		rows = 1
	}
	err := check(C.twinlock_pending_commit(v.pending, rows))
	var refusal *Refusal
	if errors.As(err, &refusal) {
		var seconds C.int64_t
		if err := check(C.twinlock_pending_retry_after(v.pending, &seconds)); err != nil {
			return err
		}
		refusal.RetryAfter = time.Duration(seconds) * time.Second
	}
	if errors.Is(err, ErrCommitLost) {
		return ErrCommitLost
	}
	return err
}

// proof takes the proof out.
func (v *verdict) proof() *Proof {
	if v.err != nil {
		return nil
	}
	var object *C.twinlock_proof
	if !v.keep(check(C.twinlock_pending_proof(v.pending, &object))) {
		return nil
	}
	proof, err := newProof(object)
	v.keep(err)
	return proof
}

func (v *verdict) free() {
	C.twinlock_pending_free(v.pending)
	alive.Add(-1)
}
