package twinlock_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"twinlock"
)

// flaky is a store with something between it and the caller.
type flaky struct {
	twinlock.Store
	load   func(ctx context.Context) error
	loaded func()
	save   func(ctx context.Context) (lost bool, err error)
}

func (f *flaky) Load(ctx context.Context, subject string) ([]byte, int64, error) {
	if f.load != nil {
		if err := f.load(ctx); err != nil {
			return nil, 0, err
		}
	}
	record, version, err := f.Store.Load(ctx, subject)
	if f.loaded != nil {
		f.loaded()
	}
	return record, version, err
}

// together lets nobody go on with what was loaded before so many have loaded the same.
func together(store twinlock.Store, many int) *flaky {
	var here atomic.Int64
	gate := make(chan struct{})
	return &flaky{Store: store, loaded: func() {
		if here.Add(1) == int64(many) {
			close(gate)
		}
		<-gate
	}}
}

func (f *flaky) Save(ctx context.Context, subject string, record []byte, expected int64) (bool, error) {
	if f.save != nil {
		if lost, err := f.save(ctx); lost || err != nil {
			return false, err
		}
	}
	return f.Store.Save(ctx, subject, record, expected)
}

func TestAmongManyAtOnceACodeWorksOnce(t *testing.T) {
	w := newWorld(t)
	w.Attempts = 200
	secret, _ := w.enroll(t, alice)
	code, challenges := w.code(secret), make([]twinlock.Presented, 16)
	for i := range challenges {
		challenges[i] = w.challenge(t, alice)
	}
	w.Store = together(w.store, len(challenges))
	var accepted atomic.Int64
	var group sync.WaitGroup
	for _, presented := range challenges {
		group.Go(func() {
			proof, err := w.FinishSignIn(background(), presented, twinlock.OTP(code))
			if err == nil {
				accepted.Add(1)
				_ = must(w.Engine.Mint(proof, nil))
			} else if !errors.Is(err, twinlock.ErrReplayed) && !errors.Is(err, twinlock.ErrLocked) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if accepted.Load() != 1 {
		t.Errorf("accepted %d times", accepted.Load())
	}
}

func TestAmongManyAtOnceEveryGuessCounts(t *testing.T) {
	w := newWorld(t, func(c *twinlock.Config) {
		c.Policy = map[twinlock.Option]int64{twinlock.OptFailuresBeforeLock: 20, twinlock.OptFailuresPerDay: 100}
	})
	w.Attempts = 200
	secret, _ := w.enroll(t, alice)
	challenges := make([]twinlock.Presented, 12)
	for i := range challenges {
		challenges[i] = w.challenge(t, alice)
	}
	w.Store = together(w.store, len(challenges))
	var group sync.WaitGroup
	for _, presented := range challenges {
		group.Go(func() {
			_, err := w.FinishSignIn(background(), presented, twinlock.OTP(w.wrong(secret)))
			refuses(t, err, twinlock.ErrWrongCode)
		})
	}
	group.Wait()
	if counted := must(w.Status(background(), alice)).FailuresToday; counted != 12 {
		t.Errorf("counted %d", counted)
	}
}

func TestARaceThatIsAlwaysLostEndsAsContended(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	presented, tries := w.challenge(t, alice), 0
	w.Store = &flaky{Store: w.store, save: func(context.Context) (bool, error) { tries++; return true, nil }}
	_, err := w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret)))
	if refusal := refuses(t, err, twinlock.ErrContended); refusal.RetryAfter != time.Second || tries != 8 {
		t.Error(refusal.RetryAfter, tries)
	}
	w.Attempts, tries = 2, 0
	_, err = w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret)))
	if refuses(t, err, twinlock.ErrContended); tries != 2 {
		t.Error(tries)
	}
	w.Store = w.store
	_ = must(w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret))))
}

// STO-02: nothing is granted and nothing told where the record was not stored.
func TestAContextThatEndsBeforeTheSaveGrantsNothing(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	presented := w.challenge(t, alice)
	ctx, cancel := context.WithCancel(background())
	saves := 0
	w.Store = &flaky{
		Store: w.store,
		load:  func(context.Context) error { cancel(); return nil },
		save:  func(context.Context) (bool, error) { saves++; return false, nil },
	}
	for _, answer := range []twinlock.Answer{twinlock.OTP(w.code(secret)), twinlock.OTP(w.wrong(secret))} {
		proof, err := w.FinishSignIn(ctx, presented, answer)
		if proof != nil || !errors.Is(err, context.Canceled) || saves != 0 {
			t.Fatal(proof, err, saves)
		}
		var refusal *twinlock.Refusal
		if errors.As(err, &refusal) {
			t.Fatal("a verdict was told")
		}
	}
	w.Store = w.store
	_ = must(w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret))))
}

func TestAContextThatEndsAfterTheSaveChangesNothing(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	presented := w.challenge(t, alice)
	ctx, cancel := context.WithCancel(background())
	w.Store = &flaky{Store: w.store, save: func(context.Context) (bool, error) { cancel(); return false, nil }}
	_ = must(w.FinishSignIn(ctx, presented, twinlock.OTP(w.code(secret))))
}

func TestAContextEndsTheWaitBetweenAttempts(t *testing.T) {
	w := newWorld(t)
	w.Attempts = 1 << 30
	ctx, cancel := context.WithTimeout(background(), 50*time.Millisecond)
	defer cancel()
	w.Store = &flaky{Store: w.store, save: func(context.Context) (bool, error) { return true, nil }}
	_, err := w.BeginEnrollment(ctx, alice, twinlock.NewDevice{Account: account})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestAStoreThatFailsGrantsNothing(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	presented, broken := w.challenge(t, alice), errors.New("the cable is out")
	w.Store = &flaky{Store: w.store, save: func(context.Context) (bool, error) { return false, broken }}
	proof, err := w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret)))
	if fault := faults(t, err, twinlock.ErrStoreFailed); proof != nil || !errors.Is(fault, broken) {
		t.Error(proof, err)
	}
	w.Store = &flaky{Store: w.store, load: func(context.Context) error { return broken }}
	_, err = w.Status(background(), alice)
	faults(t, err, twinlock.ErrStoreFailed)
	w.Store = w.store
	_ = must(w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret))))
}

func TestAStoreIsNotAskedForASubjectThatIsNone(t *testing.T) {
	w := newWorld(t)
	w.Store = &flaky{Store: w.store, load: func(context.Context) error { t.Error("asked"); return nil }}
	for subject, code := range map[string]twinlock.Code{
		"": twinlock.ErrSubjectInvalid, "a\x00b": twinlock.ErrSubjectInvalid, "\xff": twinlock.ErrTextNotUTF8,
		string(make([]byte, 256)): twinlock.ErrSubjectInvalid, string(make([]byte, 1<<20)): twinlock.ErrInputTooLarge,
	} {
		_, err := w.Status(background(), subject)
		faults(t, err, code)
		faults(t, w.BumpEpoch(background(), subject), code)
		_, err = w.BeginSignIn(background(), subject, twinlock.FirstFactor{})
		faults(t, err, code)
	}
}

func TestARecordOfAnotherSubjectDoesNotOpen(t *testing.T) {
	w := newWorld(t)
	w.enroll(t, alice)
	record, _, _ := w.store.Load(background(), alice)
	_ = must(w.store.Save(background(), "bob", record, 0))
	_, err := w.Status(background(), "bob")
	faults(t, err, twinlock.ErrEnvelopeRejected)
	_ = must(w.store.Save(background(), "carol", []byte("rubbish"), 0))
	_, err = w.BeginSignIn(background(), "carol", twinlock.FirstFactor{})
	faults(t, err, twinlock.ErrEnvelopeMalformed)
}
