package twinlock_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"twinlock"
)

// vectors reads one of the files that every language reads.
func vectors[T any](t *testing.T, name string) (content T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "tests", "vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &content); err != nil {
		t.Fatal(err)
	}
	return content
}

// at is a world whose clock stands still.
func at(t *testing.T, keys twinlock.KeyRing, seconds int64) *world {
	w := newWorld(t, func(c *twinlock.Config) { c.Keys = keys })
	w.seconds.Store(seconds)
	return w
}

var algorithms = map[string]twinlock.Algorithm{
	"SHA1": twinlock.SHA1, "SHA256": twinlock.SHA256, "SHA512": twinlock.SHA512,
}

func TestTimeBasedCodesAreThoseOfRFC6238(t *testing.T) {
	file := vectors[struct {
		Digits, Period uint32
		Secrets        []struct {
			Algorithm string
			Secret    string `json:"secret_base32"`
		}
		Vectors []struct {
			Algorithm, Code string
			Time, Step      int64
		}
	}](t, "rfc6238.json")
	secrets := map[string]string{}
	for _, secret := range file.Secrets {
		secrets[secret.Algorithm] = secret.Secret
	}
	if len(file.Vectors) != 18 {
		t.Fatal(len(file.Vectors))
	}
	for _, vector := range file.Vectors {
		totp := twinlock.TOTP{Algorithm: algorithms[vector.Algorithm], Digits: file.Digits, Period: file.Period}
		when := time.Unix(vector.Time, 0)
		code, err := totp.Generate(secrets[vector.Algorithm], when)
		if code != vector.Code || err != nil {
			t.Errorf("%s at %d: %s %v", vector.Algorithm, vector.Time, code, err)
		}
		step, err := totp.Verify(secrets[vector.Algorithm], vector.Code, when, 0)
		if step != uint64(vector.Time/30) || err != nil {
			t.Error(step, err)
		}
	}
}

func TestRecordsOfOtherLanguagesOpen(t *testing.T) {
	file := vectors[struct {
		Keys, Subject, Secret, Code string
		Pending                     string   `json:"pending_record"`
		Enrolled                    string   `json:"enrolled_record"`
		BackupCodes                 []string `json:"backup_codes"`
		Now                         int64
	}](t, "record.json")
	w := at(t, twinlock.KeyRing(file.Keys), file.Now)
	_ = must(w.store.Save(background(), file.Subject, must(hex.DecodeString(file.Pending)), 0))
	if status := must(w.Status(background(), file.Subject)); status.Enabled || status.PendingUntil.IsZero() {
		t.Errorf("%+v", status)
	}
	_ = must(w.ConfirmEnrollment(background(), file.Subject, file.Code))
	_ = must(w.store.Save(background(), file.Subject, must(hex.DecodeString(file.Enrolled)), 2))
	if status := must(w.Status(background(), file.Subject)); !status.Enabled || status.BackupCodesLeft != 10 {
		t.Errorf("%+v", status)
	}
	_, err := w.FinishSignIn(background(), w.challenge(t, file.Subject), twinlock.OTP(file.Code))
	refuses(t, err, twinlock.ErrReplayed)
	_ = must(w.FinishSignIn(background(), w.challenge(t, file.Subject), twinlock.Backup(file.BackupCodes[1])))
	w.pass(30 * time.Second)
	_ = must(w.FinishSignIn(background(), w.challenge(t, file.Subject), twinlock.OTP(w.code(file.Secret))))
}

func TestChallengesAreAcceptedAndRejectedAsInOtherLanguages(t *testing.T) {
	type challenge struct {
		Name, Token string
		Binding     *string
		Now         int64
		Claims      struct{ Sub string }
	}
	file := vectors[struct {
		Keys               string `json:"key_ring"`
		Now                int64
		Accepted, Rejected []challenge
	}](t, "jwt_challenge.json")
	for _, accepted := range file.Accepted {
		w := at(t, twinlock.KeyRing(file.Keys), file.Now)
		subject, err := w.Engine.ChallengeSubject(accepted.Token)
		if err != nil || subject != accepted.Claims.Sub {
			t.Error(accepted.Name, err)
		}
	}
	for _, rejected := range file.Rejected {
		w := at(t, twinlock.KeyRing(file.Keys), rejected.Now)
		presented := twinlock.Presented{Challenge: rejected.Token}
		if rejected.Binding != nil {
			if presented.Binding = *rejected.Binding; presented.Binding == "" {
				continue // here the empty binding is none
			}
		}
		_, err := w.FinishSignIn(background(), presented, twinlock.OTP("123456"))
		if !errors.Is(err, twinlock.ErrChallengeInvalid) {
			t.Error(rejected.Name, err)
		}
	}
}
