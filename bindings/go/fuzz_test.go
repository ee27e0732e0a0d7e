package twinlock_test

import (
	"errors"
	"strings"
	"testing"

	"twinlock"
)

var texts = []string{
	"", "0", "000000", "123456", "1234567890", "\x00", "12\x003456", "\xff\xfe", "１２３４５６", "٠١٢٣٤٥", " 12 34 56 ",
	"89AB-CDEF-GHJK-MNPQ", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "\u202e", strings.Repeat("9", 4096),
	strings.Repeat("A", 131_073), "otpauth://totp/x?secret=AAAA", "tlk1_AAAA", "JBSWY3DPEHPK3PXP",
}

func seed(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
}

// answered fails where a user's text leads to anything but a refusal: it must never be a fault of the program.
func answered(t *testing.T, err error) {
	var refusal *twinlock.Refusal
	if err != nil && !errors.As(err, &refusal) {
		t.Fatal(err)
	}
}

// FFI-02: whatever was typed as a code is judged.
func FuzzAnswers(f *testing.F) {
	seed(f)
	w := newWorld(f)
	secret, _ := w.enroll(f, alice)
	f.Fuzz(func(t *testing.T, text string) {
		mustDo(w.Unlock(background(), alice))
		for _, answer := range []twinlock.Answer{twinlock.OTP(text), twinlock.Backup(text), twinlock.AnyCode(text)} {
			presented := w.challenge(t, alice)
			proof, err := w.FinishSignIn(background(), presented, answer)
			if answered(t, err); err == nil {
				t.Fatal("a way in", proof.Method)
			}
		}
		_, err := w.ConfirmEnrollment(background(), alice, text)
		answered(t, err)
		_, err = twinlock.TOTP{}.Verify(secret, text, w.now(), 1)
		answered(t, err)
	})
}

// FFI-02: whatever was sent as a token or a binding is refused.
func FuzzTokens(f *testing.F) {
	seed(f)
	w := newWorld(f)
	w.enroll(f, alice)
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{Binding: "cookie"}))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := w.Engine.Verify(text, twinlock.AccessToken)
		refuses(t, err, twinlock.ErrTokenInvalid)
		_, err = w.Refresh(background(), text)
		refuses(t, err, twinlock.ErrTokenInvalid)
		_, err = w.FinishSignIn(background(), twinlock.Presented{Challenge: text}, twinlock.OTP("123456"))
		refuses(t, err, twinlock.ErrChallengeInvalid)
		if text != "cookie" {
			presented := twinlock.Presented{Challenge: login.Challenge, Binding: text}
			_, err = w.FinishSignIn(background(), presented, twinlock.OTP("123456"))
			refuses(t, err, twinlock.ErrChallengeInvalid)
		}
	})
}

// FFI-02: whatever a program passes as a name, a secret, a key ring or a record gives a result or an error.
func FuzzArguments(f *testing.F) {
	seed(f)
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, text string) {
		if engine, err := twinlock.New(twinlock.Config{Issuer: text, Keys: twinlock.KeyRing(text)}); err == nil {
			mustDo(engine.Close())
		}
		store := new(twinlock.MemoryStore)
		_ = must(store.Save(background(), alice, []byte(text), 0))
		auth := twinlock.SecondFactor{Engine: w.Engine, Store: store}
		if _, err := auth.Status(background(), alice); err == nil && text != "" {
			t.Fatal("rubbish was taken for a record")
		}
		_, _ = w.BeginSignIn(background(), text, twinlock.FirstFactor{Methods: []string{text}, Binding: text})
		_, _ = w.BeginEnrollment(background(), alice, twinlock.NewDevice{Account: text, Name: text})
		_, _ = twinlock.TOTP{}.Generate(text, w.now())
		_, _ = twinlock.QRCode(text)
	})
}
