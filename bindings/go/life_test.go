package twinlock_test

import (
	"strings"
	"testing"
	"time"

	"twinlock"
)

func TestFromEnrollmentToTokens(t *testing.T) {
	w := newWorld(t)
	setup := must(w.BeginEnrollment(background(), alice, twinlock.NewDevice{Account: account, Name: "phone"}))
	if !strings.HasPrefix(setup.URI, "otpauth://totp/Acme:alice%40example.com?secret="+setup.Secret) {
		t.Error("the URI is another")
	}
	if !setup.ExpiresAt.Equal(w.now().Add(15 * time.Minute)) {
		t.Error(setup.ExpiresAt)
	}
	enrolled := must(w.ConfirmEnrollment(background(), alice, w.code(setup.Secret)))
	if len(enrolled.BackupCodes) != 10 || enrolled.DeviceID != setup.DeviceID || enrolled.Proof.Subject != alice {
		t.Error("not enrolled as it should be")
	}
	w.pass(30 * time.Second)
	proof := must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.code(setup.Secret))))
	if proof.Method != "otp" || !proof.AuthTime.Equal(w.now()) || strings.Join(proof.AMR, " ") != "pwd otp mfa" {
		t.Errorf("%+v", proof)
	}
	tokens := must(w.Engine.Mint(proof, map[string]any{"role": "admin", "big": int64(1)<<53 + 1}))
	claims := must(w.Engine.Verify(tokens.Access, twinlock.AccessToken))
	if claims.Subject() != alice || claims["role"] != "admin" {
		t.Errorf("%v", claims)
	}
	if number := claims["big"].(interface{ String() string }).String(); number != "9007199254740993" {
		t.Error(number)
	}
	if !tokens.AccessExpiresAt.Equal(w.now().Add(5*time.Minute)) || !tokens.RefreshExpiresAt.After(w.now()) {
		t.Errorf("%v %v", tokens.AccessExpiresAt, tokens.RefreshExpiresAt)
	}
	_, err := w.Engine.Mint(proof, nil)
	faults(t, err, twinlock.ErrArgumentInvalid)
}

func TestWithoutASecondFactorThereIsAProofAtOnce(t *testing.T) {
	w := newWorld(t)
	first := twinlock.FirstFactor{Methods: []string{"pwd", "email"}, At: w.now().Add(-time.Minute)}
	login := must(w.BeginSignIn(background(), "42", first))
	if login.Proof == nil || login.Challenge != "" || login.Proof.Method != "" {
		t.Fatal("a challenge without a factor")
	}
	if !login.Proof.AuthTime.Equal(first.At) || strings.Join(login.Proof.AMR, " ") != "pwd email" {
		t.Errorf("%v %v", login.Proof.AuthTime, login.Proof.AMR)
	}
}

func TestACodeWorksOnceAndAGuessAlwaysCounts(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	code := w.code(secret)
	_ = must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(code)))
	_, err := w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(code))
	refuses(t, err, twinlock.ErrReplayed)
	for range 4 {
		_, err = w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.wrong(secret)))
		refuses(t, err, twinlock.ErrWrongCode)
	}
	w.pass(30 * time.Second)
	_, err = w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.wrong(secret)))
	if refusal := refuses(t, err, twinlock.ErrWrongCode); refusal.RetryAfter != 0 {
		t.Log("a wrong code with a time to wait", refusal.RetryAfter)
	}
	_, err = w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.code(secret)))
	if refusal := refuses(t, err, twinlock.ErrLocked); refusal.RetryAfter <= 0 || refusal.RetryAfter > time.Minute {
		t.Error(refusal.RetryAfter)
	}
	status := must(w.Status(background(), alice))
	if status.FailuresInARow < 5 || status.LockedUntil.IsZero() {
		t.Errorf("%+v", status)
	}
	mustDo(w.Unlock(background(), alice))
	_ = must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.code(secret))))
}

func TestBackupCodesAreSpentAndReplaced(t *testing.T) {
	w := newWorld(t)
	secret, codes := w.enroll(t, alice)
	_ = must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.Backup(codes[3])))
	_, err := w.FinishSignIn(background(), w.challenge(t, alice), twinlock.AnyCode(codes[3]))
	refuses(t, err, twinlock.ErrReplayed)
	if left := must(w.Status(background(), alice)).BackupCodesLeft; left != 9 {
		t.Error(left)
	}
	_, err = w.RegenerateBackupCodes(background(), alice, twinlock.Backup(codes[4]))
	refuses(t, err, twinlock.ErrMethodNotAllowed)
	anew := must(w.RegenerateBackupCodes(background(), alice, twinlock.OTP(w.code(secret))))
	_, err = w.FinishSignIn(background(), w.challenge(t, alice), twinlock.Backup(codes[5]))
	refuses(t, err, twinlock.ErrWrongCode)
	_ = must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.Backup(anew[5])))
	if again := must(w.AdminRegenerateBackupCodes(background(), alice)); len(again) != 10 || again[0] == anew[0] {
		t.Error("not a new set")
	}
}

func TestDisableAndResetTurnItOff(t *testing.T) {
	w := newWorld(t)
	secret, codes := w.enroll(t, alice)
	refuses(t, w.Disable(background(), alice, twinlock.OTP(w.wrong(secret))), twinlock.ErrWrongCode)
	mustDo(w.Disable(background(), alice, twinlock.Backup(codes[0])))
	if must(w.Status(background(), alice)).Enabled {
		t.Error("still enabled")
	}
	refuses(t, w.AdminReset(background(), alice), twinlock.ErrNotEnrolled)
	w.enroll(t, alice)
	mustDo(w.AdminReset(background(), alice))
	refuses(t, w.Unlock(background(), alice), twinlock.ErrNotEnrolled)
}

func TestARefreshLivesAsLongAsTheEpoch(t *testing.T) {
	w := newWorld(t)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	tokens := must(w.Engine.Mint(login.Proof, nil))
	w.pass(10 * time.Minute)
	_, err := w.Engine.Verify(tokens.Access, twinlock.AccessToken)
	refuses(t, err, twinlock.ErrTokenExpired)
	fresh := must(w.Refresh(background(), tokens.Refresh))
	if fresh.Refresh != "" || !fresh.RefreshExpiresAt.IsZero() {
		t.Error("another refresh token came out")
	}
	if must(w.Engine.Verify(fresh.Access, twinlock.AccessToken)).Subject() != alice {
		t.Error("not hers")
	}
	mustDo(w.BumpEpoch(background(), alice))
	_, err = w.Refresh(background(), tokens.Refresh)
	refuses(t, err, twinlock.ErrTokenInvalid)
}

func TestABindingHasToBeShownAgain(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{Binding: "cookie"}))
	_, err := w.FinishSignIn(background(), twinlock.Presented{Challenge: login.Challenge, Binding: "other"},
		twinlock.OTP(w.code(secret)))
	refuses(t, err, twinlock.ErrChallengeInvalid)
	presented := twinlock.Presented{Challenge: login.Challenge, Binding: "cookie"}
	_ = must(w.FinishSignIn(background(), presented, twinlock.OTP(w.code(secret))))
}

func TestTheStatusTellsOfDevices(t *testing.T) {
	w := newWorld(t)
	setup := must(w.BeginEnrollment(background(), alice, twinlock.NewDevice{Account: account, Name: "phone"}))
	if status := must(w.Status(background(), alice)); status.Enabled || !status.PendingUntil.Equal(setup.ExpiresAt) {
		t.Errorf("%+v", status)
	}
	_ = must(w.ConfirmEnrollment(background(), alice, w.code(setup.Secret)))
	status := must(w.Status(background(), alice))
	if len(status.Devices) != 1 || !status.Enabled || !status.PendingUntil.IsZero() {
		t.Fatalf("%+v", status)
	}
	device := status.Devices[0]
	if device.ID != setup.DeviceID || device.Name != "phone" || device.Digits != 6 || device.Period != 30 ||
		device.Algorithm != "SHA1" || device.Kind != "totp" || !device.CreatedAt.Equal(w.now()) {
		t.Errorf("%+v", device)
	}
}
