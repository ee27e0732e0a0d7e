package twinlock_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"twinlock"
)

func beginSession(t *testing.T) (*world, *twinlock.Tokens) {
	t.Helper()
	w := newWorld(t)
	w.Sessions = new(twinlock.MemoryStore)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	return w, must(w.BeginSession(background(), login.Proof, map[string]any{"role": "admin"}))
}

func TestARefreshTokenThatRotatesWorksOnce(t *testing.T) {
	w, first := beginSession(t)
	w.pass(time.Minute)
	second := must(w.Rotate(background(), first.Refresh))
	if second.Refresh == first.Refresh || must(w.Engine.Verify(second.Access, twinlock.AccessToken))["role"] != "admin" {
		t.Error("not a successor")
	}
	if again := must(w.Rotate(background(), first.Refresh)); again.Refresh != second.Refresh {
		t.Error("another successor within the grace")
	}
	w.pass(time.Minute)
	_, err := w.Rotate(background(), first.Refresh)
	refuses(t, err, twinlock.ErrTokenReused)
	_, err = w.Rotate(background(), second.Refresh)
	refuses(t, err, twinlock.ErrSessionEnded)
	_, err = w.Rotate(background(), "\xff")
	refuses(t, err, twinlock.ErrTokenInvalid)
}

func TestALogoutEndsTheSession(t *testing.T) {
	w, tokens := beginSession(t)
	mustDo(w.EndSession(background(), tokens.Refresh))
	_, err := w.Rotate(background(), tokens.Refresh)
	refuses(t, err, twinlock.ErrSessionEnded)
	w, tokens = beginSession(t)
	w.Sessions = new(twinlock.MemoryStore) // its state is gone
	mustDo(w.EndSession(background(), tokens.Refresh))
	_, err = w.Rotate(background(), tokens.Refresh)
	refuses(t, err, twinlock.ErrSessionEnded)
}

func TestTheStateOfASessionSaysWhoseItIs(t *testing.T) {
	w, tokens := beginSession(t)
	id := must(w.Engine.Verify(tokens.Access, twinlock.AccessToken))["fam"].(string)
	state, _, err := w.Sessions.Load(background(), id)
	mustDo(err)
	said := must(twinlock.ReadSession(state))
	if said.ID != id || said.Subject != alice || said.CreatedAt.IsZero() || !said.RevokedAt.IsZero() {
		t.Error(said)
	}
	_, err = twinlock.ReadSession(nil)
	faults(t, err, twinlock.ErrFamilyMalformed)
}

func TestManyAtOnceGetOneSuccessor(t *testing.T) {
	w, tokens := beginSession(t)
	w.Attempts = 200
	w.Sessions = together(w.Sessions, 12)
	var successors sync.Map
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			next, err := w.Rotate(background(), tokens.Refresh)
			if err != nil {
				t.Error(err)
				return
			}
			successors.Store(next.Refresh, true)
		})
	}
	group.Wait()
	count := 0
	successors.Range(func(any, any) bool { count++; return true })
	if count != 1 {
		t.Errorf("%d successors", count)
	}
}

func TestASessionThatIsNotStoredGivesNoTokens(t *testing.T) {
	w := newWorld(t)
	broken := errors.New("the cable is out")
	w.Sessions = &flaky{Store: w.store, save: func(context.Context) (bool, error) { return false, broken }}
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	tokens, err := w.BeginSession(background(), login.Proof, nil)
	if faults(t, err, twinlock.ErrStoreFailed); tokens != nil {
		t.Error("tokens")
	}
}
