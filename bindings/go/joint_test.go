package twinlock_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"twinlock"
)

// joint keeps records and sessions, and says how often it was asked to save both.
type joint struct {
	twinlock.Store
	sessions twinlock.MemoryStore
	together int
	lose     int
	failure  error
}

func (j *joint) SaveWithSession(
	ctx context.Context, subject string, record []byte, expected int64, session twinlock.NewSession,
) (bool, error) {
	if j.together++; j.failure != nil {
		return false, j.failure
	}
	if j.together <= j.lose {
		return false, nil
	}
	if stored, err := j.Save(ctx, subject, record, expected); err != nil || !stored {
		return stored, err
	}
	if said := must(twinlock.ReadSession(session.State)); !said.ExpiresAt.Equal(session.ExpiresAt) {
		return false, fmt.Errorf("the session ends at %s, not at %s", said.ExpiresAt, session.ExpiresAt)
	}
	return j.sessions.Save(ctx, session.ID, session.State, 0)
}

// signingIn is somebody with a code in hand.
type signingIn struct {
	*world
	secret    string
	presented twinlock.Presented
}

func (s *signingIn) finish(code string) (*twinlock.Proof, *twinlock.Tokens, error) {
	return s.FinishSignInToSession(background(), s.presented, twinlock.OTP(code), map[string]any{"role": "admin"})
}

func jointWorld(t *testing.T) (*signingIn, *joint) {
	t.Helper()
	w := newWorld(t)
	store := &joint{Store: w.Store}
	w.Store, w.Sessions = store, &store.sessions
	secret, _ := w.enroll(t, alice)
	return &signingIn{w, secret, w.challenge(t, alice)}, store
}

func TestASignInIsStoredTogetherWithItsSession(t *testing.T) {
	w, store := jointWorld(t)
	proof, tokens, err := w.finish(w.code(w.secret))
	mustDo(err)
	if proof.Method != "otp" || store.together != 1 {
		t.Error(proof.Method, store.together)
	}
	if must(w.Engine.Verify(tokens.Access, twinlock.AccessToken))["role"] != "admin" {
		t.Error("the claims are not in")
	}
	if next := must(w.Rotate(background(), tokens.Refresh)); next.Refresh == tokens.Refresh {
		t.Error("it does not rotate")
	}
	_, err = w.Engine.Mint(proof, nil)
	faults(t, err, twinlock.ErrArgumentInvalid)
	_, _, err = w.finish(w.code(w.secret))
	refuses(t, err, twinlock.ErrChallengeSpent)
}

// Two commits do where a store cannot do it in one.
func TestASignInBeginsItsSessionOverAnyStore(t *testing.T) {
	w, store := jointWorld(t)
	w.Store = store.Store
	_, tokens, err := w.finish(w.code(w.secret))
	mustDo(err)
	if must(w.Rotate(background(), tokens.Refresh)); store.together != 0 {
		t.Error(store.together)
	}
}

func TestARefusedAnswerIsCountedAndBeginsNoSession(t *testing.T) {
	w, store := jointWorld(t)
	_, tokens, err := w.finish(w.wrong(w.secret))
	refuses(t, err, twinlock.ErrWrongCode)
	if status := must(w.Status(background(), alice)); tokens != nil || store.together != 0 || status.FailuresInARow != 1 {
		t.Error(tokens, store.together, status.FailuresInARow)
	}
}

// What came out of a round that was lost is told to nobody.
func TestALostRoundIsRunAgainWithTheNewerRecord(t *testing.T) {
	w, store := jointWorld(t)
	store.lose = 2
	_, tokens, err := w.finish(w.code(w.secret))
	mustDo(err)
	if must(w.Rotate(background(), tokens.Refresh)); store.together != 3 {
		t.Error(store.together)
	}
	store.lose, store.together = 1000, 0
	w.pass(time.Minute)
	w.presented = w.challenge(t, alice)
	_, tokens, err = w.finish(w.code(w.secret))
	if refuses(t, err, twinlock.ErrContended); tokens != nil {
		t.Error("tokens")
	}
}

func TestASignInThatIsNotStoredGivesNoTokens(t *testing.T) {
	w, store := jointWorld(t)
	store.failure = errors.New("the cable is out")
	proof, tokens, err := w.finish(w.code(w.secret))
	if faults(t, err, twinlock.ErrStoreFailed); proof != nil || tokens != nil || !errors.Is(err, store.failure) {
		t.Error(proof, tokens, err)
	}
}

func TestOfManySignInsWithOneCodeOneBeginsASession(t *testing.T) {
	w, store := jointWorld(t)
	store.Store = together(store.Store, 8)
	w.Attempts = 200
	won := make(chan *twinlock.Tokens, 8)
	var lock sync.Mutex
	w.Store = &locked{joint: store, lock: &lock}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, tokens, err := w.finish(w.code(w.secret)); err == nil {
				won <- tokens
			}
		})
	}
	if group.Wait(); len(won) != 1 {
		t.Errorf("%d ways in", len(won))
	}
}

// locked makes the two saves of a joint store one.
type locked struct {
	*joint
	lock *sync.Mutex
}

func (l *locked) SaveWithSession(
	ctx context.Context, subject string, record []byte, expected int64, session twinlock.NewSession,
) (bool, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.joint.SaveWithSession(ctx, subject, record, expected, session)
}
