package twinlock

// #include <twinlock.h>
import "C"

import (
	"time"
	"unsafe"
)

// Proof says that a subject passed what the policy asks for. [Engine.Mint] turns it into tokens, once.
type Proof struct {
	// Whose it is.
	Subject string
	// How the second factor was passed; empty where the subject has none.
	Method string
	// The device whose code was accepted; empty where it was none's.
	DeviceID string
	// What a step-up was for; empty where it is none.
	Purpose string
	// The methods of both factors (RFC 8176).
	AMR []string
	// The epoch of the record that it belongs to.
	Epoch int64
	// When the first factor was passed.
	AuthTime time.Time

	handle *handle
}

// Close gives the memory of a proof back that is not minted from. Closing twice is fine.
func (p *Proof) Close() error {
	if p != nil && p.handle != nil {
		p.handle.close()
	}
	return nil
}

// take runs a call that has the proof for itself and may use it up.
func (p *Proof) take(call func(object *unsafe.Pointer) error) error {
	if p == nil || p.handle == nil {
		return &Fault{Code: ErrArgumentInvalid, About: "no proof"}
	}
	return p.handle.take(call)
}

func newProof(object *C.twinlock_proof) (*Proof, error) {
	fields := fields{
		text: func(field C.int32_t, index C.size_t, o out) C.int32_t {
			return C.twinlock_proof_text(object, field, index, o.data, o.capacity, o.length)
		},
		count: func(field C.int32_t, out *C.size_t) C.int32_t {
			return C.twinlock_proof_count(object, field, out)
		},
		number: func(field C.int32_t, out *C.int64_t) C.int32_t {
			return C.twinlock_proof_int(object, field, out)
		},
	}
	proof := &Proof{
		Subject:  fields.one(C.TWINLOCK_FIELD_SUBJECT),
		AMR:      fields.all(C.TWINLOCK_FIELD_AMR),
		Epoch:    fields.integer(C.TWINLOCK_FIELD_EPOCH),
		AuthTime: fields.time(C.TWINLOCK_FIELD_AUTH_TIME),
		handle:   newHandle(unsafe.Pointer(object), freeProof),
	}
	proof.Method = fields.first(C.TWINLOCK_FIELD_METHOD)
	proof.DeviceID = fields.first(C.TWINLOCK_FIELD_DEVICE_ID)
	proof.Purpose = fields.first(C.TWINLOCK_FIELD_PURPOSE)
	if fields.err != nil {
		proof.handle.close()
		return nil, fields.err
	}
	return proof, nil
}

func freeProof(object unsafe.Pointer) {
	C.twinlock_proof_free((*C.twinlock_proof)(object))
}
