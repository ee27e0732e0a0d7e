package twinlock

// #include <twinlock.h>
import "C"

import "cmp"

// Account is what an otpauth:// URI describes.
type Account struct {
	secretive
	// May be empty in what was read.
	Issuer string
	Name   string
	// Base32.
	Secret string
	// DeviceTOTP, SHA1, 6 digits and 30 seconds where they are 0.
	Kind           DeviceKind
	Algorithm      Algorithm
	Digits, Period uint32
	// What a counter device shows next.
	Counter uint64
	// Which QR code of an app's export it comes from; nil in what was read from another URI.
	Batch *Batch
}

// Batch says which QR code of an app's export an account comes from: an export of many accounts is several.
type Batch struct {
	// Equal in all QR codes of one export.
	ID int32
	// Counted from 0.
	Index, Size uint32
}

// URI writes the otpauth:// URI of an account, for a QR code. It holds the secret.
func (a Account) URI() (string, error) {
	issuer, issuerLength := textIn(a.Issuer)
	name, nameLength := textIn(a.Name)
	secret, secretLength := textIn(a.Secret)
	like := TOTP{Algorithm: a.Algorithm, Digits: a.Digits, Period: a.Period}.usual()
	return textOut(func(o out) C.int32_t {
		return C.twinlock_otpauth_build(issuer, issuerLength, name, nameLength, secret, secretLength,
			C.int32_t(cmp.Or(a.Kind, DeviceTOTP)), C.int32_t(like.Algorithm), C.uint32_t(like.Digits),
			C.uint32_t(like.Period), C.uint64_t(a.Counter), o.data, o.capacity, o.length)
	})
}

// ParseURI reads an otpauth:// URI, which describes one account, or an otpauth-migration:// URI, which an app exports
// and which may describe several.
func ParseURI(uri string) ([]Account, error) {
	text, length := textIn(uri)
	var native *C.twinlock_otpauth
	if err := check(C.twinlock_otpauth_parse(text, length, &native)); err != nil {
		return nil, err
	}
	defer C.twinlock_otpauth_free(native)
	var count C.size_t
	if err := check(C.twinlock_otpauth_count(native, &count)); err != nil {
		return nil, err
	}
	accounts := make([]Account, 0, count)
	for index := range count {
		account, err := readAccount(native, index)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, account)
	}
	return accounts, nil
}

func readAccount(native *C.twinlock_otpauth, index C.size_t) (Account, error) {
	fields := &fields{
		text: func(field C.int32_t, _ C.size_t, o out) C.int32_t {
			return C.twinlock_otpauth_text(native, index, field, o.data, o.capacity, o.length)
		},
		number: func(field C.int32_t, out *C.int64_t) C.int32_t {
			return C.twinlock_otpauth_int(native, index, field, out)
		},
	}
	account := Account{
		Name:      fields.one(C.TWINLOCK_FIELD_ACCOUNT),
		Secret:    fields.one(C.TWINLOCK_FIELD_SECRET),
		Kind:      DeviceKind(fields.integer(C.TWINLOCK_FIELD_KIND)),
		Algorithm: Algorithm(fields.integer(C.TWINLOCK_FIELD_ALGORITHM)),
		Digits:    uint32(fields.integer(C.TWINLOCK_FIELD_DIGITS)),
	}
	if fields.err != nil {
		return Account{}, fields.err
	}
	account.Issuer = fields.maybe(C.TWINLOCK_FIELD_ISSUER)
	account.Period = uint32(fields.maybeInteger(C.TWINLOCK_FIELD_PERIOD))
	account.Counter = uint64(fields.maybeInteger(C.TWINLOCK_FIELD_COUNTER))
	if size := fields.maybeInteger(C.TWINLOCK_FIELD_BATCH_SIZE); size > 0 {
		account.Batch = &Batch{
			ID:    int32(fields.integer(C.TWINLOCK_FIELD_BATCH_ID)),
			Index: uint32(fields.integer(C.TWINLOCK_FIELD_BATCH_INDEX)),
			Size:  uint32(size),
		}
	}
	return account, fields.err
}
