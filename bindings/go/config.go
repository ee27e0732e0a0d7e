package twinlock

// #include <twinlock.h>
import "C"

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Config is what an engine is made from. Issuer and Keys are required.
type Config struct {
	secretive
	// The service's name as authenticator apps show it.
	Issuer string
	Keys   KeyRing
	// Limits and lives; what is missing has its default, which OptWindow and its kin tell.
	Policy map[Option]int64
	// Words in place of their defaults.
	Words map[WordOption]string
	JWT   JWT
	// What tells the time; time.Now where it is nil.
	Clock func() time.Time
}

// JWT is how tokens are signed. The zero value signs with a key made from the key ring.
type JWT struct {
	secretive
	// The first signs, all verify.
	Keys []JWTKey
	// The claims iss and aud, minted and then required, where they are not empty.
	Issuer, Audience string
	// The name of the claim with the subject beside sub; user_id where it is empty.
	UserIDClaim string
}

// JWTKey is one key for tokens: just one of Secret, PEM and JWK.
type JWTKey struct {
	secretive
	// HS256, HS384 or HS512 for a Secret, where HS256 may be left out; RS256, RS384, RS512, PS256, PS384, PS512, ES256,
	// ES384 or EdDSA for PEM. A JWK names it itself.
	Algorithm string
	// For HMAC, at least as long as the hash.
	Secret []byte
	// A private key signs and verifies, a public key only verifies.
	PEM string
	// The same as a JWK (RFC 7517).
	JWK string
}

// options is a native set of options that remembers the first thing that went wrong.
type options struct {
	config *C.twinlock_config
	err    error
}

func (o *options) fill(config *Config) {
	o.text(C.TWINLOCK_OPT_ISSUER, "issuer", config.Issuer)
	o.text(C.TWINLOCK_OPT_KEYS, "keys", string(config.Keys))
	for _, option := range slices.Sorted(maps.Keys(config.Words)) {
		o.text(C.int32_t(option), "word option "+strconv.Itoa(int(option)), config.Words[option])
	}
	for _, option := range slices.Sorted(maps.Keys(config.Policy)) {
		o.number(C.int32_t(option), "option "+strconv.Itoa(int(option)), config.Policy[option])
	}
	o.optional(C.TWINLOCK_OPT_JWT_ISSUER, "JWT issuer", config.JWT.Issuer)
	o.optional(C.TWINLOCK_OPT_JWT_AUDIENCE, "JWT audience", config.JWT.Audience)
	o.optional(C.TWINLOCK_OPT_JWT_USER_ID_CLAIM, "JWT user id claim", config.JWT.UserIDClaim)
	for _, key := range config.JWT.Keys {
		o.key(key)
	}
}

func (o *options) key(key JWTKey) {
	switch {
	case key.JWK != "":
		o.text(C.TWINLOCK_OPT_JWT_KEY_JWK, "JWT key", key.JWK)
	case key.PEM != "":
		o.text(C.TWINLOCK_OPT_JWT_ALGORITHM, "JWT algorithm", key.Algorithm)
		o.text(C.TWINLOCK_OPT_JWT_KEY_PEM, "JWT key", key.PEM)
	default:
		o.text(C.TWINLOCK_OPT_JWT_ALGORITHM, "JWT algorithm", cmp.Or(key.Algorithm, "HS256"))
		o.bytes(C.TWINLOCK_OPT_JWT_KEY, "JWT key", key.Secret)
	}
}

func (o *options) optional(option C.int32_t, about, value string) {
	if value != "" {
		o.text(option, about, value)
	}
}

func (o *options) text(option C.int32_t, about, value string) {
	data, length := textIn(value)
	o.set(about, func() C.int32_t { return C.twinlock_config_set_text(o.config, option, data, length) })
}

func (o *options) bytes(option C.int32_t, about string, value []byte) {
	data, length := bytesIn(value)
	o.set(about, func() C.int32_t { return C.twinlock_config_set_bytes(o.config, option, data, length) })
}

func (o *options) number(option C.int32_t, about string, value int64) {
	o.set(about, func() C.int32_t { return C.twinlock_config_set_int(o.config, option, C.int64_t(value)) })
}

func (o *options) set(about string, set func() C.int32_t) {
	if o.err != nil {
		return
	}
	if status := set(); status != C.TWINLOCK_OK {
		o.err = &Fault{Code: Code(status), About: about}
	}
}
