package twinlock

// #include <twinlock.h>
import "C"

import (
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

// WordOption is a choice that [Config].Words may make.
type WordOption int32

// The options that are a word.
const (
	// The hash of new devices: SHA1 (the default), SHA256 or SHA512.
	OptAlgorithm WordOption = C.TWINLOCK_OPT_ALGORITHM
)

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

// JWTKey is one key for tokens.
type JWTKey struct {
	secretive
	// HS256, HS384 or HS512; HS256 where it is empty.
	Algorithm string
	// At least as long as the hash.
	Secret []byte
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
		algorithm := key.Algorithm
		if algorithm == "" {
			algorithm = "HS256"
		}
		o.text(C.TWINLOCK_OPT_JWT_ALGORITHM, "JWT algorithm", algorithm)
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
