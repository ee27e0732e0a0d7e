package twinlock_test

import (
	"strings"
	"testing"
	"time"

	"twinlock"
)

func TestACodeIsFoundInItsStep(t *testing.T) {
	secret, now := must(twinlock.GenerateSecret()), time.Unix(1_800_000_000, 0)
	if len(secret) != 32 {
		t.Error(len(secret))
	}
	code := must(twinlock.TOTP{}.Generate(secret, now))
	step := must(twinlock.TOTP{}.Verify(secret, code, now.Add(30*time.Second), 1))
	if step != 60_000_000 {
		t.Error(step)
	}
	_, err := twinlock.TOTP{}.Verify(secret, code, now.Add(30*time.Second), 0)
	refuses(t, err, twinlock.ErrWrongCode)
	_, err = twinlock.TOTP{Digits: 5}.Generate(secret, now)
	faults(t, err, twinlock.ErrDigitsInvalid)
	_, err = twinlock.TOTP{Period: 1}.Generate(secret, now)
	faults(t, err, twinlock.ErrPeriodInvalid)
	_, err = twinlock.TOTP{Algorithm: 9}.Generate(secret, now)
	faults(t, err, twinlock.ErrAlgorithmUnknown)
	_, err = twinlock.TOTP{}.Verify(secret, code, now, 3)
	faults(t, err, twinlock.ErrWindowInvalid)
	_, err = twinlock.TOTP{}.Generate(secret, time.Unix(-1, 0))
	faults(t, err, twinlock.ErrTimeInvalid)
	_, err = twinlock.TOTP{}.Generate("!", now)
	faults(t, err, twinlock.ErrSecretMalformed)
}

func TestAKeyRingIsMadeAndTaken(t *testing.T) {
	ring := must(twinlock.GenerateKeyRing())
	if !strings.HasPrefix(string(ring), "tlk1_") || ring == must(twinlock.GenerateKeyRing()) {
		t.Error("not a new key")
	}
	if ids := must(ring.IDs()); len(ids) != 1 || len(ids[0]) != 16 {
		t.Error(ids)
	}
	_, err := twinlock.KeyRing("tlk1_").IDs()
	faults(t, err, twinlock.ErrKeyMalformed)
	mustDo(must(twinlock.New(twinlock.Config{Issuer: "Acme", Keys: ring})).Close())
	if twinlock.Version() == "" {
		t.Error("no version")
	}
}

func TestASubjectIsCheckedWithoutAnEngine(t *testing.T) {
	mustDo(twinlock.CheckSubject(alice))
	for _, subject := range []string{"", "a\nb", strings.Repeat("a", 256)} {
		faults(t, twinlock.CheckSubject(subject), twinlock.ErrSubjectInvalid)
	}
	faults(t, twinlock.CheckSubject("\xff"), twinlock.ErrTextNotUTF8)
}
