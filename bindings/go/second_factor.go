package twinlock

// #include <twinlock.h>
import "C"

import (
	"context"
	"encoding/json"
	"strings"
)

// SecondFactor is an engine over a store: each call loads the record, decides, stores, and only then answers.
// Share one between all goroutines.
//
// A race for one record is run again with the newer one. A context that ends before the record is stored ends the
// call with its error: nothing is granted, nothing told. After that the answer comes, whatever the context says.
type SecondFactor struct {
	Engine *Engine
	Store  Store
	// Where the states of sessions with rotating refresh tokens are kept, under their ids; nil where there are
	// none. Another table than that of the records.
	Sessions Store
	// How often a race for one record is run before the call is refused with [ErrContended], with
	// nothing revealed and nothing counted; 8 where it is 0.
	Attempts int
}

// Status is the state of a subject's second factor. Nothing secret is in it.
func (s SecondFactor) Status(ctx context.Context, subject string) (*Status, error) {
	if err := CheckSubject(subject); err != nil {
		return nil, err
	}
	record, _, err := load(ctx, s.Store, subject)
	if err != nil {
		return nil, err
	}
	return s.Engine.status(subject, record)
}

// Reseal seals the subject's record anew with the first key of the ring and the policy's cipher, and says whether
// it did: a record that is not there or needs no other key is left alone.
func (s SecondFactor) Reseal(ctx context.Context, subject string) (resealed bool, err error) {
	if err := CheckSubject(subject); err != nil {
		return false, err
	}
	err = s.repeat(ctx, func() (bool, error) {
		record, version, err := load(ctx, s.Store, subject)
		if err != nil || version == 0 {
			return err == nil, err
		}
		anew, err := s.Engine.reseal(subject, record)
		if err != nil || len(anew) == 0 {
			return err == nil, err
		}
		resealed, err = save(ctx, s.Store, subject, anew, version)
		return resealed, err
	})
	return resealed, err
}

// KeysNeeded gives the ids of the keys that the subject's record cannot do without. A key of the ring that no
// record needs can go once the tokens that it signed have ended.
func (s SecondFactor) KeysNeeded(ctx context.Context, subject string) ([]string, error) {
	if err := CheckSubject(subject); err != nil {
		return nil, err
	}
	record, version, err := load(ctx, s.Store, subject)
	if err != nil || version == 0 {
		return nil, err
	}
	ids, err := s.Engine.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		u := userOf(engine, subject, record, now)
		return C.twinlock_engine_keys_needed(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			o.data, o.capacity, o.length)
	})
	return strings.Fields(ids), err
}

func (e *Engine) reseal(subject string, record []byte) ([]byte, error) {
	return e.make(func(engine *C.twinlock_engine, o out) C.int32_t {
		u := userOf(engine, subject, record, 0)
		return C.twinlock_engine_reseal(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			o.bytes(), o.capacity, o.length)
	})
}

// Inspect gives everything that the subject's record holds but its secrets, as it is stored and whatever the time is:
// for operators who look into a case. It is a JSON object, or nil where there is no record; its form may grow.
func (s SecondFactor) Inspect(ctx context.Context, subject string) (json.RawMessage, error) {
	if err := CheckSubject(subject); err != nil {
		return nil, err
	}
	record, version, err := load(ctx, s.Store, subject)
	if err != nil || version == 0 {
		return nil, err
	}
	facts, err := s.Engine.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		u := userOf(engine, subject, record, now)
		return C.twinlock_engine_inspect(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			o.data, o.capacity, o.length)
	})
	if err != nil {
		return nil, err
	}
	return json.RawMessage(facts), nil
}

// bySubject settles a call for a subject that a store may be asked for.
func bySubject[T any](
	ctx context.Context, s SecondFactor, subject string, decide decide, read func(verdict *verdict) T,
) (result T, err error) {
	if err := CheckSubject(subject); err != nil {
		return result, err
	}
	return settle(ctx, s, subject, decide, read)
}

// change settles a call without a result.
func change(ctx context.Context, s SecondFactor, subject string, decide decide) error {
	_, err := bySubject(ctx, s, subject, decide, func(*verdict) struct{} { return struct{}{} })
	return err
}

// CheckSubject finds a text that cannot be a subject: 1 to 255 bytes of UTF-8 without control characters. Every call
// does so before a store hears of it.
func CheckSubject(subject string) error {
	text, length := textIn(subject)
	return check(C.twinlock_subject_check(text, length))
}
