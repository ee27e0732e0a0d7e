package twinlock

// #include <twinlock.h>
import "C"

import "time"

// Algorithm is the hash of one-time codes.
type Algorithm int32

// The algorithms.
const (
	SHA1   Algorithm = C.TWINLOCK_ALGORITHM_SHA1 // which every authenticator app understands
	SHA256 Algorithm = C.TWINLOCK_ALGORITHM_SHA256
	SHA512 Algorithm = C.TWINLOCK_ALGORITHM_SHA512
)

// TOTP makes and checks time-based codes (RFC 6238) without an engine. Zero values mean SHA-1, 6 digits, 30 seconds.
type TOTP struct {
	Algorithm Algorithm
	// 6 to 8.
	Digits uint32
	// 15 to 120 seconds.
	Period uint32
}

// Generate makes the code of a time. The secret is base32.
func (t TOTP) Generate(secret string, at time.Time) (string, error) {
	t = t.usual()
	key, keyLength := textIn(secret)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_totp_generate(key, keyLength, C.int32_t(t.Algorithm), C.uint32_t(t.Digits),
			C.uint32_t(t.Period), C.int64_t(at.Unix()), o.data, o.capacity, o.length)
	})
}

// Verify looks for a code in the steps around a time, 0 to 2 to each side, and gives the number of the step that it
// belongs to. Keep that number and refuse the same or a lower one from then on: without that, a code can be used
// twice. [ErrWrongCode] where the code is none of these.
func (t TOTP) Verify(secret, code string, at time.Time, window uint32) (step uint64, err error) {
	t = t.usual()
	key, keyLength := textIn(secret)
	text, length := textIn(typed(code))
	var found C.uint64_t
	err = check(C.twinlock_totp_verify(key, keyLength, C.int32_t(t.Algorithm), C.uint32_t(t.Digits),
		C.uint32_t(t.Period), text, length, C.uint32_t(window), C.int64_t(at.Unix()), &found))
	return uint64(found), err
}

func (t TOTP) usual() TOTP {
	if t.Algorithm == 0 {
		t.Algorithm = SHA1
	}
	if t.Digits == 0 {
		t.Digits = 6
	}
	if t.Period == 0 {
		t.Period = 30
	}
	return t
}

// HOTP makes and checks counter-based codes (RFC 4226) without an engine. Zero values mean SHA-1 and 6 digits.
type HOTP struct {
	Algorithm Algorithm
	// 6 to 8.
	Digits uint32
}

// Generate makes the code of a counter. The secret is base32.
func (h HOTP) Generate(secret string, counter uint64) (string, error) {
	like := h.usual()
	key, keyLength := textIn(secret)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_hotp_generate(key, keyLength, C.int32_t(like.Algorithm), C.uint32_t(like.Digits),
			C.uint64_t(counter), o.data, o.capacity, o.length)
	})
}

// Verify looks for a code at a counter and up to 100 values after it, and gives the counter that it belongs to. Keep
// one more than that as the next to expect. [ErrWrongCode] where the code is none of these.
func (h HOTP) Verify(secret, code string, counter uint64, lookAhead uint32) (matched uint64, err error) {
	like := h.usual()
	key, keyLength := textIn(secret)
	text, length := textIn(typed(code))
	var found C.uint64_t
	err = check(C.twinlock_hotp_verify(key, keyLength, C.int32_t(like.Algorithm), C.uint32_t(like.Digits), text, length,
		C.uint64_t(counter), C.uint32_t(lookAhead), &found))
	return uint64(found), err
}

// Resync finds a counter that ran far ahead by two codes shown one after the other, the first at the counter or up to
// 1000 values after it, and gives the counter of the second. Keep one more than that as the next to expect.
func (h HOTP) Resync(secret, first, second string, counter uint64, window uint32) (matched uint64, err error) {
	like := h.usual()
	key, keyLength := textIn(secret)
	one, oneLength := textIn(typed(first))
	two, twoLength := textIn(typed(second))
	var found C.uint64_t
	err = check(C.twinlock_hotp_resync(key, keyLength, C.int32_t(like.Algorithm), C.uint32_t(like.Digits),
		one, oneLength, two, twoLength, C.uint64_t(counter), C.uint32_t(window), &found))
	return uint64(found), err
}

func (h HOTP) usual() TOTP {
	return TOTP{Algorithm: h.Algorithm, Digits: h.Digits}.usual()
}

// Steam makes and checks the codes of Steam Guard: five characters from the time.
type Steam struct{}

// Generate makes the code of a time. The secret is base32.
func (Steam) Generate(secret string, at time.Time) (string, error) {
	key, keyLength := textIn(secret)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_steam_generate(key, keyLength, C.int64_t(at.Unix()), o.data, o.capacity, o.length)
	})
}

// Verify works as [TOTP.Verify].
func (Steam) Verify(secret, code string, at time.Time, window uint32) (step uint64, err error) {
	key, keyLength := textIn(secret)
	text, length := textIn(typed(code))
	var found C.uint64_t
	err = check(C.twinlock_steam_verify(key, keyLength, text, length, C.uint32_t(window), C.int64_t(at.Unix()), &found))
	return uint64(found), err
}

// SecretFromBytes writes a secret of 10 to 128 raw bytes in base32, as every other call takes it.
func SecretFromBytes(secret []byte) (string, error) {
	data, length := bytesIn(secret)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_secret_from_bytes(data, length, o.data, o.capacity, o.length)
	})
}

// GenerateSecret makes a secret of 160 bits in base32.
func GenerateSecret() (string, error) {
	return textOut(func(o out) C.int32_t {
		return C.twinlock_secret_generate(o.data, o.capacity, o.length)
	})
}
