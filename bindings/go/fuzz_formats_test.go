package twinlock_test

import (
	"reflect"
	"testing"
	"time"

	"twinlock"
)

// FFI-02: whatever a client sends where a session, a device or a step-up has to be named is refused.
func FuzzClientTokens(f *testing.F) {
	seed(f)
	w := newWorld(f, func(config *twinlock.Config) {
		config.Policy = map[twinlock.Option]int64{twinlock.OptTrustedDevices: 3}
	})
	w.enroll(f, alice)
	w.Sessions = new(twinlock.MemoryStore)
	f.Fuzz(func(t *testing.T, text string) {
		for name, call := range map[string]func() error{
			"Rotate":          func() error { _, err := w.Rotate(background(), text); return err },
			"EndSession":      func() error { return w.EndSession(background(), text) },
			"RefreshSliding":  func() error { _, err := w.RefreshSliding(background(), text); return err },
			"CheckEnrollment": func() error { _, err := w.CheckEnrollment(background(), text); return err },
			"RequireStepUp":   func() error { return w.Engine.RequireStepUp(text, "transfer", 0) },
			"SteppedUp":       func() error { return w.Disable(background(), alice, twinlock.SteppedUp(text)) },
			"Revoke":          func() error { return w.RevokeTrustedDevice(background(), alice, text) },
			"Rename":          func() error { return w.RenameDevice(background(), alice, text, "phone") },
			"Resync":          func() error { return w.ResyncDevice(background(), alice, text, text, text) },
		} {
			if err := call(); err == nil {
				t.Errorf("%s took it", name)
			} else {
				answered(t, err)
			}
		}
		trusted, err := w.IsTrusted(background(), alice, text)
		if answered(t, err); trusted {
			t.Error("trusted")
		}
		login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{TrustToken: text}))
		if login.Proof != nil {
			t.Error("a way in")
		}
	})
}

// FFI-02: whatever a program reads from elsewhere gives a result or an error, and what was read is written as it was.
func FuzzFormats(f *testing.F) {
	seed(f)
	for _, text := range []string{
		"otpauth://totp/Acme:alice?secret=JBSWY3DPEHPK3PXP&issuer=Acme&algorithm=SHA256&digits=8&period=60",
		"otpauth://hotp/alice?secret=JBSWY3DPEHPK3PXP&counter=7", "otpauth-migration://offline?data=CgA=",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", `{"kty":"oct","k":"AAAA","alg":"HS256"}`,
	} {
		f.Add(text)
	}
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, text string) {
		if accounts, err := twinlock.ParseURI(text); err == nil {
			for _, account := range accounts {
				written, err := account.URI()
				if err != nil {
					continue // an export may hold what no URI can say
				}
				if again := must(twinlock.ParseURI(written)); !reflect.DeepEqual(again, []twinlock.Account{account}) {
					t.Errorf("%q was written as another account", written)
				}
			}
		}
		for _, key := range []twinlock.JWTKey{
			{PEM: text, Algorithm: "ES256"}, {JWK: text}, {Secret: []byte(text)}, {Secret: []byte(text), Algorithm: text},
		} {
			config := twinlock.Config{Issuer: "Acme", Keys: keys, JWT: twinlock.JWT{Keys: []twinlock.JWTKey{key}}}
			if engine, err := twinlock.New(config); err == nil {
				mustDo(engine.Close())
			}
		}
		if envelope, err := twinlock.EnvelopeFromText(text); err == nil {
			_ = must(twinlock.EnvelopeToText(envelope))
		}
		if _, err := w.Engine.Open(alice, []byte(text)); err == nil {
			t.Error("rubbish was opened")
		}
		_, _ = w.ImportDeviceURI(background(), text, text, text)
		_, _ = w.ImportDevice(background(), alice, twinlock.ImportedDevice{Secret: text, Name: text})
		_ = w.ImportBackupCodes(background(), alice, text, []string{text}, []byte(text))
		_ = w.SetMethod(background(), alice, text, twinlock.OTP(text))
		_, _ = w.StepUp(background(), alice, text, text, twinlock.OTP(text))
		_, _ = twinlock.HOTP{}.Verify(text, text, 0, 3)
		_, _ = twinlock.Steam{}.Verify(text, text, time.Unix(1_800_000_000, 0), 1)
		_, _ = twinlock.QRCodeForTerminal(text)
	})
}
