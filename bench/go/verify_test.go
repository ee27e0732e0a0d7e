// Package bench compares the Go package with the one that Go programs use for codes. `make bench-go` runs it.
package bench

import (
	"slices"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"twinlock"
)

const (
	secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	wrong  = "000000"
	target = 5
	rounds = 15
)

var (
	at      = time.Unix(1_800_000_000, 0)
	options = totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
)

func verifyTwinlock() bool {
	_, err := twinlock.TOTP{}.Verify(secret, wrong, at, 1)
	return err == nil
}

func verifyPquerna() bool {
	matches, err := totp.ValidateCustom(wrong, secret, at, options)
	return matches || err != nil
}

// The two take turns, so that whatever else the machine does meets both.
func TestACodeIsVerifiedManyTimesFasterThanByPquerna(t *testing.T) {
	ours, theirs := make([]float64, rounds), make([]float64, rounds)
	for round := range rounds {
		ours[round], theirs[round] = nanoseconds(t, verifyTwinlock), nanoseconds(t, verifyPquerna)
	}
	own, peer := median(ours), median(theirs)
	t.Logf("TOTP verify ±1, no match: twinlock %.0f ns, pquerna/otp %.0f ns: %.1f times as fast (target %d)",
		own, peer, peer/own, target)
	if peer/own < target {
		t.Errorf("less than %d times as fast", target)
	}
}

// Both find the codes that are right.
func TestBothAcceptTheSameCodes(t *testing.T) {
	for _, offset := range []time.Duration{-30, 0, 30} {
		code, err := twinlock.TOTP{}.Generate(secret, at.Add(offset*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		_, own := twinlock.TOTP{}.Verify(secret, code, at, 1)
		peer, err := totp.ValidateCustom(code, secret, at, options)
		if own != nil || !peer || err != nil {
			t.Error(offset, own, peer, err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	for name, verify := range map[string]func() bool{"twinlock": verifyTwinlock, "pquerna": verifyPquerna} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if verify() {
					b.Fatal("a wrong code was right")
				}
			}
		})
	}
}

func nanoseconds(t *testing.T, verify func() bool) float64 {
	const times = 4000
	began := time.Now()
	for range times {
		if verify() {
			t.Fatal("a wrong code was right")
		}
	}
	return float64(time.Since(began).Nanoseconds()) / times
}

func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}
