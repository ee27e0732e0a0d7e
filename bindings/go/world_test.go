package twinlock_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"twinlock"
)

const (
	keys    = twinlock.KeyRing("tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
	alice   = "alice"
	account = "alice@example.com"
)

// clock is a time that a test moves.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time        { return time.Unix(c.seconds.Load(), 0) }
func (c *clock) pass(d time.Duration)  { c.seconds.Add(int64(d / time.Second)) }
func (c *clock) code(s string) string  { return must(twinlock.TOTP{}.Generate(s, c.now())) }
func newClock() *clock                 { c := new(clock); c.seconds.Store(1_800_000_000); return c }
func must[T any](value T, err error) T { mustDo(err); return value }
func background() context.Context      { return context.Background() }
func mustDo(err error) {
	if err != nil {
		panic(err)
	}
}

// world is an engine over a store in memory, with a clock of its own.
type world struct {
	*clock
	twinlock.SecondFactor
	store *twinlock.MemoryStore
}

func newWorld(t testing.TB, configure ...func(*twinlock.Config)) *world {
	t.Helper()
	clock := newClock()
	config := twinlock.Config{Issuer: "Acme", Keys: keys, Clock: clock.now}
	for _, change := range configure {
		change(&config)
	}
	engine, err := twinlock.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	store := new(twinlock.MemoryStore)
	return &world{clock: clock, store: store, SecondFactor: twinlock.SecondFactor{Engine: engine, Store: store}}
}

// enroll gives a subject an authenticator, and lets its first code grow old.
func (w *world) enroll(t testing.TB, subject string) (secret string, backupCodes []string) {
	t.Helper()
	setup, err := w.BeginEnrollment(background(), subject, twinlock.NewDevice{Account: account})
	if err != nil {
		t.Fatal(err)
	}
	enrolled, err := w.ConfirmEnrollment(background(), subject, w.code(setup.Secret))
	if err != nil {
		t.Fatal(err)
	}
	_ = enrolled.Proof.Close()
	w.pass(30 * time.Second)
	return setup.Secret, enrolled.BackupCodes
}

// challenge begins a sign-in of a subject that has a second factor.
func (w *world) challenge(t testing.TB, subject string) twinlock.Presented {
	t.Helper()
	login, err := w.BeginSignIn(background(), subject, twinlock.FirstFactor{})
	if err != nil {
		t.Fatal(err)
	}
	if login.Proof != nil || login.Challenge == "" {
		t.Fatal("no challenge")
	}
	return twinlock.Presented{Challenge: login.Challenge}
}

// wrong is a code that is none of those around the time of the clock.
func (w *world) wrong(secret string) string {
	near := map[string]bool{}
	for step := -3; step <= 3; step++ {
		at := w.now().Add(time.Duration(step) * 30 * time.Second)
		near[must(twinlock.TOTP{}.Generate(secret, at))] = true
	}
	for _, guess := range []string{"000000", "000001", "000002", "000003", "000004", "000005", "000006", "000007"} {
		if !near[guess] {
			return guess
		}
	}
	panic("eight guesses, seven codes")
}

func refuses(t testing.TB, err error, code twinlock.Code) *twinlock.Refusal {
	t.Helper()
	var refusal *twinlock.Refusal
	if !errors.Is(err, code) || !errors.As(err, &refusal) {
		t.Fatalf("%v instead of the refusal %s", err, code.Name())
	}
	return refusal
}

func faults(t testing.TB, err error, code twinlock.Code) *twinlock.Fault {
	t.Helper()
	var fault *twinlock.Fault
	if !errors.Is(err, code) || !errors.As(err, &fault) {
		t.Fatalf("%v instead of the fault %s", err, code.Name())
	}
	return fault
}
