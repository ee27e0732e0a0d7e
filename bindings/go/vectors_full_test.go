package twinlock_test

import (
	"encoding/hex"
	"testing"
	"time"

	"twinlock"
)

func TestCounterBasedCodesAreThoseOfRFC4226(t *testing.T) {
	file := vectors[struct {
		Secret  string `json:"secret_base32"`
		Hex     string `json:"secret_hex"`
		Digits  uint32
		Vectors []struct {
			Counter uint64
			Code    string
		}
	}](t, "rfc4226.json")
	if must(twinlock.SecretFromBytes(must(hex.DecodeString(file.Hex)))) != file.Secret || len(file.Vectors) != 10 {
		t.Fatal("not the secret")
	}
	hotp := twinlock.HOTP{Digits: file.Digits}
	for _, vector := range file.Vectors {
		if code := must(hotp.Generate(file.Secret, vector.Counter)); code != vector.Code {
			t.Error(vector.Counter, code)
		}
		if matched := must(hotp.Verify(file.Secret, vector.Code, 0, 10)); matched != vector.Counter {
			t.Error(vector.Counter, matched)
		}
	}
	second := must(hotp.Resync(file.Secret, file.Vectors[6].Code, file.Vectors[7].Code, 0, 100))
	if second != 7 {
		t.Error(second)
	}
	_, err := hotp.Verify(file.Secret, file.Vectors[6].Code, 0, 5)
	refuses(t, err, twinlock.ErrWrongCode)
}

func TestEnvelopesOfOtherLanguagesOpen(t *testing.T) {
	file := vectors[struct {
		Keys      twinlock.KeyRing
		KeyIDs    []string `json:"key_ids"`
		Envelopes []struct{ Envelope, Plaintext, Purpose, Subject string }
	}](t, "envelope.json")
	chacha := newWorld(t, func(c *twinlock.Config) { c.Keys = file.Keys }).Engine
	aes := newWorld(t, func(c *twinlock.Config) {
		c.Keys = file.Keys
		c.Words = map[twinlock.WordOption]string{twinlock.OptCipher: "aes-256-gcm-migrating"}
	}).Engine
	opened := 0
	for _, vector := range file.Envelopes {
		envelope := must(hex.DecodeString(vector.Envelope))
		if id := must(twinlock.EnvelopeKeyID(envelope)); id != file.KeyIDs[0] {
			t.Error(id)
		}
		if vector.Purpose != "secret" {
			continue
		}
		opened++
		if secret, err := aes.Open(vector.Subject, envelope); string(secret) != vector.Plaintext || err != nil {
			t.Errorf("%q %v", secret, err)
		}
		if _, err := chacha.Open(vector.Subject, envelope); envelope[3] == 1 && err != nil {
			t.Error(err)
		}
	}
	if opened == 0 {
		t.Error("none")
	}
}

func TestAFullRecordOfAnotherLanguageOpens(t *testing.T) {
	file := vectors[struct {
		Keys, OldKeys, Subject, Record, Challenge string
		SentCode                                  string `json:"sent_code"`
		TrustToken                                string `json:"trust_token"`
		Old                                       string `json:"old_keys"`
		Now                                       int64
	}](t, "record_full.json")
	w := newWorld(t, func(c *twinlock.Config) {
		c.Keys = twinlock.KeyRing(file.Keys + "," + file.Old)
		c.Policy = map[twinlock.Option]int64{twinlock.OptTrustedDevices: 5}
		c.Words = map[twinlock.WordOption]string{twinlock.OptSentCodes: "sign_in"}
	})
	w.seconds.Store(file.Now)
	_ = must(w.store.Save(background(), file.Subject, must(hex.DecodeString(file.Record)), 0))
	status := must(w.Status(background(), file.Subject))
	if len(status.Devices) < 3 || len(status.TrustedDevices) == 0 {
		t.Fatalf("%+v", status)
	}
	if !must(w.IsTrusted(background(), file.Subject, file.TrustToken)) {
		t.Error("not trusted")
	}
	presented := twinlock.Presented{Challenge: file.Challenge}
	if proof := must(w.FinishSignIn(background(), presented, twinlock.Sent(file.SentCode))); proof.Method != "sent" {
		t.Error(proof.Method)
	}
}

func TestASessionOfAnotherLanguageGoesOn(t *testing.T) {
	file := vectors[struct {
		Keys, Family, Access, Sliding string
		SessionRefresh                string `json:"session_refresh"`
		RotatedRefresh                string `json:"rotated_refresh"`
		RotatedFamily                 string `json:"rotated_family"`
		RotatedAt                     int64  `json:"rotated_at"`
		Now                           int64
	}](t, "session.json")
	w := at(t, twinlock.KeyRing(file.Keys), file.Now)
	sessions := new(twinlock.MemoryStore)
	w.Sessions = sessions
	if must(w.Engine.Verify(file.Access, twinlock.AccessToken)).Subject() != alice {
		t.Error("not hers")
	}
	_ = must(w.Engine.Verify(file.Sliding, twinlock.SlidingToken))
	session := must(w.Engine.Verify(file.SessionRefresh, twinlock.RefreshToken))["fam"].(string)
	_ = must(sessions.Save(background(), session, []byte(file.RotatedFamily), 0))
	w.seconds.Store(file.RotatedAt)
	if again := must(w.Rotate(background(), file.SessionRefresh)); again.Refresh != file.RotatedRefresh {
		t.Error("another successor")
	}
	w.pass(time.Minute)
	_ = must(w.Rotate(background(), file.RotatedRefresh))
}
