package twinlock

// #include <twinlock.h>
import "C"

import "strings"

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

// IDs checks the text and gives the ids of the keys, the first key's first. An id says nothing about its key and may
// be logged.
func (r KeyRing) IDs() ([]string, error) {
	keys, keysLength := textIn(string(r))
	ids, err := textOut(func(o out) C.int32_t {
		return C.twinlock_keyring_ids(keys, keysLength, o.data, o.capacity, o.length)
	})
	return strings.Fields(ids), err
}
