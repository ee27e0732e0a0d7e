package twinlock

// #include <twinlock.h>
import "C"

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"
)

// How often the loop tries where SecondFactor does not say it.
const usualAttempts = 8

// user is whom a native call is about, as C takes it.
type user struct {
	engine        *C.twinlock_engine
	subject       *C.char
	subjectLength C.size_t
	record        *C.uint8_t
	recordLength  C.size_t
	now           C.int64_t
}

// decide is a native call that judges on a record.
type decide func(user user, pending **C.twinlock_pending) C.int32_t

// judge makes a verdict on what is stored.
type judge func(ctx context.Context, stored []byte) (*verdict, error)

// settle loads, decides, stores and commits; again from the start where somebody else stored meanwhile. There
// is no answer, not even a refusal, before its record is stored: whoever gives up earlier learns nothing.
func settle[T any](
	ctx context.Context, s SecondFactor, subject string, decide decide, read func(verdict *verdict) T,
) (result T, err error) {
	judge := func(_ context.Context, record []byte) (*verdict, error) {
		return s.Engine.judge(subject, record, decide)
	}
	err = s.repeat(ctx, func() (won bool, err error) {
		return once(ctx, s.Store, subject, judge, func(verdict *verdict) { result = read(verdict) })
	})
	if err != nil {
		var nothing T
		return nothing, err
	}
	return result, nil
}

// repeat runs rounds until one is won.
func (s SecondFactor) repeat(ctx context.Context, round func() (won bool, err error)) error {
	for attempt := range cmp.Or(s.Attempts, usualAttempts) {
		if err := pause(ctx, attempt); err != nil {
			return err
		}
		if won, err := round(); won || err != nil {
			return err
		}
	}
	return &Refusal{Code: ErrContended, RetryAfter: time.Second}
}

// once is one round, and says whether it was won.
func once(ctx context.Context, store Store, key string, judge judge, read func(verdict *verdict)) (bool, error) {
	record, version, err := load(ctx, store, key)
	if err != nil {
		return false, err
	}
	verdict, err := judge(ctx, record)
	if err != nil {
		return false, err
	}
	defer verdict.free()
	anew, err := verdict.record()
	if err != nil {
		return false, err
	}
	stored := true
	if len(anew) > 0 {
		if stored, err = save(ctx, store, key, anew, version); err != nil {
			return false, err
		}
	}
	switch err := verdict.commit(stored); {
	case err == nil:
		read(verdict)
		return true, verdict.fields.err
	case err == ErrCommitLost:
		return false, nil
	default:
		return false, err
	}
}

// judge makes the native call.
func (e *Engine) judge(subject string, record []byte, decide decide) (*verdict, error) {
	var pending *C.twinlock_pending
	err := e.use(func(engine *C.twinlock_engine, now C.int64_t) error {
		return check(decide(userOf(engine, subject, record, now), &pending))
	})
	if err != nil {
		return nil, err
	}
	return newVerdict(pending), nil
}

func userOf(engine *C.twinlock_engine, subject string, record []byte, now C.int64_t) user {
	user := user{engine: engine, now: now}
	user.subject, user.subjectLength = textIn(subject)
	user.record, user.recordLength = bytesIn(record)
	return user
}

func load(ctx context.Context, store Store, key string) ([]byte, int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if store == nil {
		return nil, 0, &Fault{Code: ErrArgumentInvalid, About: "no store"}
	}
	record, version, err := store.Load(ctx, key)
	return record, version, storeFault(err)
}

func save(ctx context.Context, store Store, key string, record []byte, expected int64) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if store == nil {
		return false, &Fault{Code: ErrArgumentInvalid, About: "no store"}
	}
	stored, err := store.Save(ctx, key, record, expected)
	return stored, storeFault(err)
}

// storeFault is what a store failed with; nil where it did not.
func storeFault(err error) error {
	if err == nil {
		return nil
	}
	return &Fault{Code: ErrStoreFailed, Err: err}
}

// pause waits before a further attempt: at random up to 2, 4, 8 … 32 ms, so that rivals do not meet again.
func pause(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return nil
	}
	timer := time.NewTimer(rand.N(time.Millisecond << min(attempt, 5)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
