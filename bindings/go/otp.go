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
	return textOut(func(out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.twinlock_totp_generate(key, keyLength, C.int32_t(t.Algorithm), C.uint32_t(t.Digits),
			C.uint32_t(t.Period), C.int64_t(at.Unix()), out, capacity, length)
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

// GenerateSecret makes a secret of 160 bits in base32.
func GenerateSecret() (string, error) {
	return textOut(func(out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.twinlock_secret_generate(out, capacity, length)
	})
}

// QRCode draws a text, such as the URI of a [Setup], as a QR code in a self-contained SVG. Draw it here and
// never through a remote service: the URI holds the secret.
func QRCode(content string) (svg string, err error) {
	text, textLength := textIn(content)
	return textOut(func(out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.twinlock_qr_svg(text, textLength, out, capacity, length)
	})
}
