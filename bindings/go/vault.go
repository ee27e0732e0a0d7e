package twinlock

// #include <twinlock.h>
import "C"

// Seal seals a small secret of your own, of up to 64 KiB, for a subject, with the first key of the ring and the
// policy's cipher. Each call gives another envelope, 69 bytes longer at most than the secret.
func (e *Engine) Seal(subject string, secret []byte) (envelope []byte, err error) {
	name, nameLength := textIn(subject)
	data, length := bytesIn(secret)
	return e.make(func(engine *C.twinlock_engine, o out) C.int32_t {
		return C.twinlock_vault_seal(engine, name, nameLength, data, length, o.bytes(), o.capacity, o.length)
	})
}

// Open opens what [Engine.Seal] made for the same subject. [ErrKeyUnknown] where its key is not in the ring,
// [ErrEnvelopeRejected] where it was altered or sealed for someone or something else.
func (e *Engine) Open(subject string, envelope []byte) (secret []byte, err error) {
	name, nameLength := textIn(subject)
	data, length := bytesIn(envelope)
	return e.make(func(engine *C.twinlock_engine, o out) C.int32_t {
		return C.twinlock_vault_open(engine, name, nameLength, data, length, o.bytes(), o.capacity, o.length)
	})
}

// Reseal seals anew with the first key of the ring what [Engine.Seal] made; nil where it needs no other key.
func (e *Engine) Reseal(subject string, envelope []byte) (anew []byte, err error) {
	name, nameLength := textIn(subject)
	data, length := bytesIn(envelope)
	return e.make(func(engine *C.twinlock_engine, o out) C.int32_t {
		return C.twinlock_vault_reseal(engine, name, nameLength, data, length, o.bytes(), o.capacity, o.length)
	})
}

// EnvelopeKeyID gives the id of the key that sealed an envelope or a record: 16 hexadecimal digits. It is read
// and not opened, so nothing says that it is right.
func EnvelopeKeyID(envelope []byte) (string, error) {
	data, length := bytesIn(envelope)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_vault_key_id(data, length, o.data, o.capacity, o.length)
	})
}

// EnvelopeToText writes an envelope as base64url without padding, for a column of text.
func EnvelopeToText(envelope []byte) (string, error) {
	data, length := bytesIn(envelope)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_vault_to_text(data, length, o.data, o.capacity, o.length)
	})
}

// EnvelopeFromText reads what [EnvelopeToText] wrote, exactly so.
func EnvelopeFromText(text string) (envelope []byte, err error) {
	data, length := textIn(text)
	return bytesOut(func(o out) C.int32_t {
		return C.twinlock_vault_from_text(data, length, o.bytes(), o.capacity, o.length)
	})
}
