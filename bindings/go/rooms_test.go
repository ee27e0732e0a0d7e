package twinlock_test

import (
	"testing"
	"time"

	"twinlock"
)

func TestABufferHoldsNothingOfATextThatWasRead(t *testing.T) {
	for range 100 {
		secret := must(twinlock.GenerateSecret())
		must(twinlock.TOTP{}.Generate(secret, time.Now()))
		room, giveBack := twinlock.Room()
		for place, found := range room {
			if found != 0 {
				t.Fatalf("byte %d of a buffer was not wiped", place)
			}
		}
		giveBack()
	}
}
