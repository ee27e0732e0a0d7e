package twinlock_test

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"twinlock"
)

// OTP-05: behind twenty bytes, because the RFC's texts are shorter than any secret. What a URI with the text says that
// its secret is shows which bytes were read.
func TestBase32IsThatOfRFC4648(t *testing.T) {
	file := vectors[struct {
		Vectors []struct{ Hex, Base32 string }
	}](t, "rfc4648.json")
	head := strings.Repeat("0123456789", 2)
	prefix := must(twinlock.SecretFromBytes([]byte(head)))
	if len(file.Vectors) != 7 || len(prefix) != 32 {
		t.Fatal(len(file.Vectors), prefix)
	}
	for _, vector := range file.Vectors {
		padded := prefix + vector.Base32
		canonical := must(twinlock.SecretFromBytes(append([]byte(head), must(hex.DecodeString(vector.Hex))...)))
		if canonical != strings.TrimRight(padded, "=") {
			t.Error(vector.Base32, canonical)
		}
		if must(twinlock.HOTP{}.Generate(padded, 7)) != must(twinlock.HOTP{}.Generate(canonical, 7)) {
			t.Error(vector.Base32, "has other codes")
		}
		if accounts := must(twinlock.ParseURI("otpauth://totp/a?secret=" + padded)); accounts[0].Secret != canonical {
			t.Error(vector.Base32, accounts[0].Secret)
		}
	}
}

func TestEnrollmentTokensOpenEnrollmentAndNothingElse(t *testing.T) {
	file := vectors[struct {
		Keys          twinlock.KeyRing `json:"key_ring"`
		Now           int64
		Enroll, Trust string
		Claims        struct{ Sub string } `json:"enroll_claims"`
		Challenge     string               `json:"challenge_to_enroll"`
	}](t, "jwt_own.json")
	engine := at(t, file.Keys, file.Now).Engine
	if subject := must(engine.EnrollmentSubject(file.Enroll)); subject != file.Claims.Sub {
		t.Error(subject)
	}
	if subject := must(engine.ChallengeSubject(file.Challenge)); subject != file.Claims.Sub {
		t.Error(subject)
	}
	for _, other := range []string{file.Trust, file.Challenge} {
		_, err := engine.EnrollmentSubject(other)
		refuses(t, err, twinlock.ErrTokenInvalid)
	}
}

func TestABackupCodeIsKeptAsInOtherLanguages(t *testing.T) {
	file := vectors[struct {
		Keys                         twinlock.KeyRing
		Subject, Record, Code, Typed string
		Now                          int64
	}](t, "backup.json")
	w := at(t, file.Keys, file.Now)
	_ = must(w.store.Save(background(), file.Subject, must(hex.DecodeString(file.Record)), 0))
	challenge := w.challenge(t, file.Subject)
	_, err := w.FinishSignIn(background(), challenge, twinlock.Backup(file.Code[1:]+"0"))
	refuses(t, err, twinlock.ErrWrongCode)
	if proof := must(w.FinishSignIn(background(), challenge, twinlock.Backup(file.Typed))); proof.Method != "backup" {
		t.Error(proof.Method)
	}
}

func TestKeyFilesAreTakenAndRefusedAsInOtherLanguages(t *testing.T) {
	file := vectors[struct {
		Vectors []struct{ File, Algorithm, Outcome string }
	}](t, "keys.json")
	for _, vector := range file.Vectors {
		pem := must(os.ReadFile(filepath.Join("..", "..", "tests", "vectors", vector.File)))
		config := twinlock.Config{Issuer: "Acme", Keys: keys}
		config.JWT.Keys = []twinlock.JWTKey{{Algorithm: vector.Algorithm, PEM: string(pem)}}
		engine, err := twinlock.New(config)
		outcome := "ok"
		if fault := new(twinlock.Fault); errors.As(err, &fault) {
			outcome = fault.Code.Name()
		} else {
			_ = engine.Close()
		}
		if outcome != vector.Outcome {
			t.Error(vector.File, vector.Algorithm, outcome)
		}
	}
	if len(file.Vectors) != 22 {
		t.Error(len(file.Vectors))
	}
}
