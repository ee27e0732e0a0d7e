package twinlock_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"twinlock"
)

func TestAURIIsWrittenAndReadBack(t *testing.T) {
	secret := must(twinlock.GenerateSecret())
	for _, account := range []twinlock.Account{
		{Issuer: "Acme", Name: "alice@example.com", Secret: secret},
		{Issuer: "Ümläut & Co", Name: "日本", Secret: secret, Algorithm: twinlock.SHA512, Digits: 8, Period: 60},
		{Issuer: "Acme", Name: "bob", Secret: secret, Kind: twinlock.DeviceHOTP, Algorithm: twinlock.SHA256, Digits: 7, Counter: 1 << 40},
	} {
		read := must(twinlock.ParseURI(must(account.URI())))
		if account.Kind != twinlock.DeviceHOTP {
			account.Kind = twinlock.DeviceTOTP
			if account.Period == 0 {
				account.Algorithm, account.Digits, account.Period = twinlock.SHA1, 6, 30
			}
		}
		if len(read) != 1 || read[0] != account {
			t.Errorf("%s: another account came back", account.Name)
		}
	}
	if bare := must(twinlock.ParseURI("otpauth://totp/bob?secret=" + secret)); bare[0].Issuer != "" || bare[0].Name != "bob" {
		t.Error("an issuer from nowhere")
	}
	for _, text := range []string{"", "https://example.com", "otpauth://totp/a", "\xff", "otpauth://\x00"} {
		if _, err := twinlock.ParseURI(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	export := must(twinlock.ParseURI("otpauth-migration://offline?data=ChkKCpklNznImSU3OcgSBVRlc3QxIAEoATACChsKCpklNznamSU3Odo" +
		"SBVRlc3QyIAEoATABOAAQARgBIAAo8enF1vr%2F%2F%2F%2F%2FAQ%3D%3D"))
	if len(export) != 2 || export[1].Batch == nil || export[1].Batch.Size != 1 || *export[0].Batch != *export[1].Batch {
		t.Error("not the batch of the export")
	}
	_, err := twinlock.ParseURI("otpauth-migration://offline?data=AAAA")
	faults(t, err, twinlock.ErrMigrationMalformed)
}

func TestSteamsCodesAreMadeAndFound(t *testing.T) {
	secret, now := must(twinlock.GenerateSecret()), time.Unix(1_800_000_000, 0)
	code := must(twinlock.Steam{}.Generate(secret, now))
	if len(code) != 5 || must(twinlock.Steam{}.Verify(secret, code, now, 1)) != 60_000_000 {
		t.Error(len(code))
	}
	_, err := twinlock.Steam{}.Verify(secret, "\xff", now, 1)
	refuses(t, err, twinlock.ErrWrongCode)
}

func TestTokensAreSignedWithAnAsymmetricKey(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	mustDo(err)
	block := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(private))})
	w := newWorld(t, func(c *twinlock.Config) {
		c.JWT.Keys = []twinlock.JWTKey{{Algorithm: "EdDSA", PEM: string(block)}}
	})
	login := must(w.BeginSignIn(background(), alice, twinlock.FirstFactor{}))
	tokens := must(w.Engine.MintAccess(login.Proof, nil))
	var set struct{ Keys []json.RawMessage }
	mustDo(json.Unmarshal(must(w.Engine.JWKS()), &set))
	if len(set.Keys) != 1 || strings.Contains(string(set.Keys[0]), `"d"`) {
		t.Fatal("not just the public key")
	}
	verifier := newWorld(t, func(c *twinlock.Config) {
		c.JWT.Keys = []twinlock.JWTKey{{Secret: []byte("0123456789abcdefghijklmnopqrstuv")}, {JWK: string(set.Keys[0])}}
	})
	if must(verifier.Engine.Verify(tokens.Access, twinlock.AccessToken)).Subject() != alice {
		t.Error("not hers")
	}
	_, err = twinlock.New(twinlock.Config{Issuer: "Acme", Keys: keys, JWT: twinlock.JWT{
		Keys: []twinlock.JWTKey{{JWK: string(set.Keys[0])}},
	}})
	faults(t, err, twinlock.ErrJWTKeyVerifyOnly)
}
