package twinlock

// #include <twinlock.h>
import "C"

// KeyRing is the text of a key ring: keys separated by commas or white space. The first seals and signs, the
// others only open and verify. It is left out of whatever prints or logs it; string(ring) is the text.
type KeyRing string

// GenerateKeyRing makes a key ring of one random key. Keep it as you keep a password, and not in the database.
func GenerateKeyRing() (KeyRing, error) {
	text, err := textOut(func(o out) C.int32_t {
		return C.twinlock_keyring_generate(o.data, o.capacity, o.length)
	})
	return KeyRing(text), err
}
