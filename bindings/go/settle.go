package twinlock

// #include <twinlock.h>
import "C"

import (
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

// settle loads, decides, stores and commits; again from the start where somebody else stored meanwhile. There
// is no answer, not even a refusal, before its record is stored: whoever gives up earlier learns nothing.
func settle[T any](
	ctx context.Context, s SecondFactor, subject string, decide decide, read func(verdict *verdict) T,
) (result T, err error) {
	attempts := s.Attempts
	if attempts == 0 {
		attempts = usualAttempts
	}
	for attempt := range attempts {
		if err := pause(ctx, attempt); err != nil {
			return result, err
		}
		won, err := once(ctx, s, subject, decide, func(verdict *verdict) { result = read(verdict) })
		if won || err != nil {
			return result, err
		}
	}
	return result, &Refusal{Code: ErrContended, RetryAfter: time.Second}
}

// once is one round, and says whether it was won.
func once(
	ctx context.Context, s SecondFactor, subject string, decide decide, read func(verdict *verdict),
) (bool, error) {
	record, version, err := s.load(ctx, subject)
	if err != nil {
		return false, err
	}
	verdict, err := s.Engine.judge(subject, record, decide)
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
		if stored, err = s.save(ctx, subject, anew, version); err != nil {
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

func (s SecondFactor) load(ctx context.Context, subject string) ([]byte, int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	record, version, err := s.Store.Load(ctx, subject)
	if err != nil {
		return nil, 0, &Fault{Code: ErrStoreFailed, Err: err}
	}
	return record, version, nil
}

func (s SecondFactor) save(ctx context.Context, subject string, record []byte, expected int64) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	stored, err := s.Store.Save(ctx, subject, record, expected)
	if err != nil {
		return false, &Fault{Code: ErrStoreFailed, Err: err}
	}
	return stored, nil
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
