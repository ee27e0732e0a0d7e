package twinlock_test

import (
	"testing"
	"time"

	"twinlock"
)

func TestATrustedDeviceNeedsNoSecondFactor(t *testing.T) {
	w := newWorld(t, func(c *twinlock.Config) { c.Policy = map[twinlock.Option]int64{twinlock.OptTrustedDevices: 2} })
	secret, _ := w.enroll(t, alice)
	proof := must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.code(secret))))
	trust := must(w.TrustDevice(background(), proof, "laptop"))
	_ = must(w.Engine.Mint(proof, nil))
	_, err := w.TrustDevice(background(), proof, "laptop")
	faults(t, err, twinlock.ErrArgumentInvalid)

	if !must(w.IsTrusted(background(), alice, trust.Token)) || must(w.IsTrusted(background(), alice, "\xff")) ||
		must(w.IsTrusted(background(), "bob", trust.Token)) {
		t.Error("trusted where it is not, or not where it is")
	}
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{TrustToken: trust.Token}))
	if login.Outcome != twinlock.SignInTrusted || login.Proof == nil || login.Trust.Token == trust.Token {
		t.Fatal(login.Outcome)
	}
	if listed := must(w.Status(background(), alice)).TrustedDevices; len(listed) != 1 || listed[0].Name != "laptop" {
		t.Errorf("%+v", listed)
	}
	refuses(t, w.RevokeTrustedDevice(background(), alice, ""), twinlock.ErrDeviceUnknown)
	mustDo(w.RevokeTrustedDevice(background(), alice, login.Trust.ID))
	mustDo(w.RevokeTrustedDevices(background(), alice))
	login = must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{TrustToken: login.Trust.Token}))
	if login.Outcome != twinlock.SignInChallenge {
		t.Error(login.Outcome)
	}
}

func TestAStepUpStandsForACodeForItsPurposeOnly(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	proof := must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.code(secret))))
	session := must(w.Engine.Mint(proof, nil))
	mustDo(w.Engine.RequireStepUp(session.Access, "pay", 0))
	w.pass(20 * time.Minute)

	stepUp := must(w.StepUp(background(), alice, "disable", "", twinlock.OTP(w.code(secret))))
	if stepUp.Purpose != "disable" {
		t.Error(stepUp.Purpose)
	}
	token := must(w.Engine.MintAccess(stepUp, nil))
	if token.Refresh != "" {
		t.Error("a refresh token came with it")
	}
	mustDo(w.Engine.RequireStepUp(token.Access, "disable", time.Minute))
	refuses(t, w.Engine.RequireStepUp(token.Access, "pay", 0), twinlock.ErrSecondFactorRequired)
	refuses(t, w.Engine.RequireStepUp("\xff", "pay", 0), twinlock.ErrTokenInvalid)
	for _, age := range []time.Duration{-1, time.Millisecond, 1 << 62} {
		faults(t, w.Engine.RequireStepUp(token.Access, "disable", age), twinlock.ErrArgumentInvalid)
	}
	_, err := w.RegenerateBackupCodes(background(), alice, twinlock.SteppedUp(token.Access))
	refuses(t, err, twinlock.ErrSecondFactorRequired)
	refuses(t, w.Disable(background(), alice, twinlock.SteppedUp("rubbish")), twinlock.ErrTokenInvalid)
	mustDo(w.Disable(background(), alice, twinlock.SteppedUp(token.Access)))
}

func TestASlidingTokenGetsItsSuccessor(t *testing.T) {
	w := newWorld(t)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	token := must(w.Engine.MintSliding(login.Proof, map[string]any{"role": "admin"}))
	w.pass(4 * time.Minute)
	next := must(w.RefreshSliding(background(), token.Access))
	if must(w.Engine.Verify(next.Access, twinlock.SlidingToken))["role"] != "admin" {
		t.Error("the claims are gone")
	}
	if must(w.Engine.TokenSubject(next.Access, twinlock.SlidingToken)) != alice {
		t.Error("not hers")
	}
	mustDo(w.BumpEpoch(background(), alice))
	_, err := w.RefreshSliding(background(), next.Access)
	refuses(t, err, twinlock.ErrTokenInvalid)
}
