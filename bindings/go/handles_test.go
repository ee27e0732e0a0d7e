package twinlock_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"twinlock"
)

// FFI-05: what is closed is freed once; what is not closed is freed after it became unreachable.
func TestNothingNativeIsLeftBehind(t *testing.T) {
	settled := func() (alive int64) {
		for range 50 {
			runtime.GC()
			time.Sleep(time.Millisecond)
			alive = twinlock.Alive()
		}
		return alive
	}
	before := settled()
	func() {
		for range 20 {
			config := twinlock.Config{Issuer: "Acme", Keys: keys}
			lost := must(twinlock.New(config))
			auth := twinlock.SecondFactor{Engine: lost, Store: new(twinlock.MemoryStore)}
			_ = must(auth.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
			closed := must(twinlock.New(config))
			_, _ = closed.Close(), closed.Close()
		}
	}()
	for deadline := time.Now().Add(10 * time.Second); settled() != before; {
		if time.Now().After(deadline) {
			t.Fatalf("%d native objects are left", twinlock.Alive()-before)
		}
	}
}

func TestAClosedEngineIsFoundOut(t *testing.T) {
	w := newWorld(t)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	other := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	mustDo(w.Engine.Close())
	mustDo(w.Engine.Close())
	_, err := w.Status(background(), alice)
	faults(t, err, twinlock.ErrHandleInvalid)
	_, err = w.Engine.Mint(login.Proof, nil)
	faults(t, err, twinlock.ErrHandleInvalid)
	mustDo(other.Proof.Close())
	mustDo(other.Proof.Close())
	_, err = newWorld(t).Engine.Mint(other.Proof, nil)
	faults(t, err, twinlock.ErrArgumentInvalid)
}

func TestAProofIsMintedFromOnceByManyAtOnce(t *testing.T) {
	w := newWorld(t)
	for range 20 {
		login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
		var minted sync.Map
		var group sync.WaitGroup
		for number := range 8 {
			group.Go(func() {
				if tokens, err := w.Engine.Mint(login.Proof, nil); err == nil {
					minted.Store(number, tokens)
				}
			})
		}
		group.Wait()
		count := 0
		minted.Range(func(any, any) bool { count++; return true })
		if count != 1 {
			t.Fatalf("minted %d times", count)
		}
	}
}

// FFI-06: calls from many goroutines while the collector runs and the engine is closed under them.
func TestAnEngineIsSharedUntilItIsClosed(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	var group sync.WaitGroup
	for number := range 8 {
		group.Go(func() {
			subject := fmt.Sprint("user ", number)
			for range 40 {
				login, err := w.BeginSignIn(background(), subject, twinlock.FirstFactor{Binding: strings.Repeat("b", 99)})
				if err != nil {
					faults(t, err, twinlock.ErrHandleInvalid)
					return
				}
				runtime.GC()
				if login.Proof.Subject != subject {
					t.Error(login.Proof.Subject)
				}
				_, _ = w.Engine.Mint(login.Proof, map[string]any{"n": number})
				_, _ = w.FinishSignIn(background(), twinlock.Presented{Challenge: secret}, twinlock.OTP("123456"))
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	mustDo(w.Engine.Close())
	group.Wait()
}

func TestNothingSecretIsPrintedOrLogged(t *testing.T) {
	w := newWorld(t)
	setup := must(w.BeginEnrollment(background(), alice, twinlock.NewDevice{Account: account}))
	enrolled := must(w.ConfirmEnrollment(background(), alice, w.code(setup.Secret)))
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{Binding: "cookie-value"}))
	tokens := must(w.Engine.Mint(enrolled.Proof, nil))
	jwt := twinlock.JWT{Keys: []twinlock.JWTKey{{Secret: []byte("jwt-key-in-bytes")}}}
	config := twinlock.Config{Issuer: "Acme", Keys: keys, JWT: jwt}
	presented := twinlock.Presented{Challenge: login.Challenge, Binding: "cookie-value"}
	values := []any{
		setup, *setup, enrolled, *enrolled, login, *login, tokens, *tokens, keys, config, &config, presented, jwt,
		twinlock.OTP("918273"), enrolled.Proof, w.Engine,
	}
	secrets := []string{
		setup.Secret, enrolled.BackupCodes[0], login.Challenge, tokens.Access, tokens.Refresh, string(keys),
		"cookie-value", "jwt-key-in-bytes", "918273", fmt.Sprint([]byte("jwt-key-in-bytes")),
		fmt.Sprintf("%x", "jwt-key-in-bytes"), fmt.Sprintf("%x", string(keys)),
	}
	var said bytes.Buffer
	loggers := []*slog.Logger{slog.New(slog.NewTextHandler(&said, nil)), slog.New(slog.NewJSONHandler(&said, nil))}
	for _, value := range values {
		fmt.Fprintf(&said, "%v %+v %#v %s %q %x %X %d\n", value, value, value, value, value, value, value, value)
		fmt.Fprintln(&said, []any{value}, map[string]any{"key": value}, struct{ V any }{value})
		for _, logger := range loggers {
			logger.Info("value", "value", value)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(said.String(), secret) {
			t.Errorf("%q was told", secret)
		}
	}
	if text := string(must(json.Marshal(tokens))); !strings.Contains(text, tokens.Access) {
		t.Error("what is encoded on purpose is not there")
	}
}

func TestWhatIsLeftOutIsAFaultAndNoCrash(t *testing.T) {
	w := newWorld(t)
	for _, proof := range []*twinlock.Proof{nil, {}} {
		_, err := w.Engine.Mint(proof, nil)
		faults(t, err, twinlock.ErrArgumentInvalid)
		mustDo(proof.Close())
	}
	_, err := w.TrustDevice(background(), nil, "laptop")
	faults(t, err, twinlock.ErrArgumentInvalid)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	_, err = w.BeginSession(background(), login.Proof, nil)
	faults(t, err, twinlock.ErrArgumentInvalid)
	_, err = twinlock.SecondFactor{Engine: w.Engine}.Status(background(), alice)
	faults(t, err, twinlock.ErrArgumentInvalid)
	_, err = twinlock.SecondFactor{Store: w.store}.Status(background(), alice)
	faults(t, err, twinlock.ErrHandleInvalid)
	_, err = new(twinlock.Engine).Verify("token", twinlock.AccessToken)
	faults(t, err, twinlock.ErrHandleInvalid)
}
