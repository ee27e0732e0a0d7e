package twinlock_test

import (
	"strings"
	"testing"
	"time"

	"twinlock"
)

func TestDevicesAreAddedRenamedAndRemoved(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.enroll(t, alice)
	token := twinlock.NewDevice{Account: account, Name: "token", Kind: twinlock.DeviceHOTP, Digits: 8}
	_, err := w.AddDevice(background(), alice, token, twinlock.OTP(w.wrong(secret)))
	refuses(t, err, twinlock.ErrWrongCode)
	setup := must(w.AddDevice(background(), alice, token, twinlock.OTP(w.code(secret))))
	first := must(twinlock.HOTP{Digits: 8}.Generate(setup.Secret, 0))
	enrolled := must(w.ConfirmEnrollment(background(), alice, first))
	if len(enrolled.BackupCodes) != 0 {
		t.Error("backup codes came with the second device")
	}
	mustDo(w.RenameDevice(background(), alice, setup.DeviceID, "key ring"))
	refuses(t, w.RenameDevice(background(), alice, "\xff", "x"), twinlock.ErrDeviceUnknown)
	devices := must(w.Status(background(), alice)).Devices
	if len(devices) != 2 || devices[1].Name != "key ring" || devices[1].Kind != "hotp" || devices[1].Digits != 8 {
		t.Fatalf("%+v", devices)
	}

	// The token ran ahead of what is looked for, and is found again.
	far := []string{must(twinlock.HOTP{Digits: 8}.Generate(setup.Secret, 50)), must(twinlock.HOTP{Digits: 8}.Generate(setup.Secret, 51))}
	_, err = w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(far[0]))
	refuses(t, err, twinlock.ErrWrongCode)
	mustDo(w.ResyncDevice(background(), alice, setup.DeviceID, far[0], far[1]))
	next := must(twinlock.HOTP{Digits: 8}.Generate(setup.Secret, 52))
	proof := must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(next)))
	if proof.DeviceID != setup.DeviceID {
		t.Error(proof.DeviceID)
	}

	w.pass(30 * time.Second)
	last := must(w.RemoveDevice(background(), alice, setup.DeviceID, twinlock.OTP(w.code(secret))))
	if devices := must(w.Status(background(), alice)).Devices; last || len(devices) != 1 {
		t.Error(last, devices)
	}
	w.pass(30 * time.Second)
	if !must(w.RemoveDevice(background(), alice, devices[0].ID, twinlock.OTP(w.code(secret)))) {
		t.Error("not the last one")
	}
}

func TestDevicesAndBackupCodesOfOtherSystemsAreTakenOver(t *testing.T) {
	w := newWorld(t)
	secret := must(twinlock.GenerateSecret())
	id := must(w.ImportDevice(background(), alice, twinlock.ImportedDevice{
		Secret: secret, Name: "old", LastStep: w.now().Unix() / 30,
	}))
	again := must(w.ImportDeviceURI(background(), alice, "", "otpauth://totp/Old:a?issuer=Old&secret="+secret))
	if id == "" || again != id {
		t.Error(id, again)
	}
	_, err := w.FinishSignIn(background(), w.challenge(t, alice), twinlock.OTP(w.code(secret)))
	refuses(t, err, twinlock.ErrReplayed)
	mustDo(w.ImportBackupCodes(background(), alice, "plain", []string{"first-code", "second-code"}, nil))
	_ = must(w.FinishSignIn(background(), w.challenge(t, alice), twinlock.Backup("second-code")))
	faults(t, w.ImportBackupCodes(background(), alice, "rot13", []string{"x"}, nil), twinlock.ErrSchemeUnknown)
	faults(t, w.ImportBackupCodes(background(), alice, "plain", []string{"a\nb"}, nil), twinlock.ErrSchemeUnknown)
}

func TestTheMethodIsTheSubjectsChoiceWhereThePolicyLetsIt(t *testing.T) {
	w := newWorld(t, sending("sign_in"))
	mustDo(w.SetMethod(background(), alice, "sent", twinlock.Answer{}))
	if status := must(w.Status(background(), alice)); status.Preference != "sent" {
		t.Errorf("%+v", status)
	}
	refuses(t, w.SetMethod(background(), alice, "off", twinlock.Answer{}), twinlock.ErrMethodNotAllowed)
	refuses(t, w.SetMethod(background(), alice, "otp", twinlock.Answer{}), twinlock.ErrNotEnrolled)
}

// sending is a policy by which codes are sent.
func sending(what string) func(*twinlock.Config) {
	return func(config *twinlock.Config) {
		config.Words = map[twinlock.WordOption]string{
			twinlock.OptSentCodes: what, twinlock.OptFallback: "sent_code", twinlock.OptSentAlphabet: "letters",
		}
	}
}

func TestASentCodeIsAWayIn(t *testing.T) {
	w := newWorld(t, sending("sign_in"))
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	if login.Outcome != twinlock.SignInSend || len(login.SentCode) != 7 || login.ForEnrollment || login.Proof != nil {
		t.Fatal(login.Outcome, len(login.SentCode))
	}
	presented := twinlock.Presented{Challenge: login.Challenge}
	another := must(w.SendCode(background(), presented))
	_, err := w.FinishSignIn(background(), presented, twinlock.Sent(login.SentCode))
	refuses(t, err, twinlock.ErrWrongCode)
	proof := must(w.FinishSignIn(background(), presented, twinlock.Sent(another.Code)))
	if proof.Method != "sent" || !another.ExpiresAt.After(w.now()) {
		t.Error(proof.Method, another.ExpiresAt)
	}
	_ = must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
}

func TestASentCodeMayOpenEnrollmentOnly(t *testing.T) {
	w := newWorld(t, sending("enroll"))
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	presented := twinlock.Presented{Challenge: login.Challenge}
	if !login.ForEnrollment {
		t.Fatal("the challenge gives a sign-in")
	}
	_, err := w.FinishSignIn(background(), presented, twinlock.Sent(login.SentCode))
	refuses(t, err, twinlock.ErrEnrollmentRequired)
	token := must(w.FinishForEnrollment(background(), presented, twinlock.Sent(login.SentCode)))
	if subject := must(w.CheckEnrollment(background(), token.Token)); subject != alice {
		t.Error(subject)
	}
	w.enroll(t, alice)
	_, err = w.CheckEnrollment(background(), token.Token)
	if err == nil {
		t.Error("the token outlived the enrollment")
	}
	_, err = w.CheckEnrollment(background(), "\xff")
	refuses(t, err, twinlock.ErrTokenInvalid)
}

func TestWithoutADeviceEnrollmentMayComeFirst(t *testing.T) {
	w := newWorld(t, func(config *twinlock.Config) {
		config.Words = map[twinlock.WordOption]string{twinlock.OptFallback: "enroll"}
	})
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	if login.Outcome != twinlock.SignInEnrollOnly || login.Proof != nil || login.Challenge != "" {
		t.Fatal(login.Outcome)
	}
	if subject := must(w.CheckEnrollment(background(), login.EnrollmentToken)); subject != alice {
		t.Error(subject)
	}
}

func TestARecordIsLookedIntoWithoutItsSecrets(t *testing.T) {
	w := newWorld(t)
	if facts := must(w.Inspect(background(), alice)); facts != nil {
		t.Error("facts from nowhere")
	}
	secret, _ := w.enroll(t, alice)
	facts := string(must(w.Inspect(background(), alice)))
	if !strings.Contains(facts, `"kind":"totp"`) || strings.Contains(facts, secret) {
		t.Error(facts)
	}
	_, err := w.Inspect(background(), "")
	faults(t, err, twinlock.ErrSubjectInvalid)
}
