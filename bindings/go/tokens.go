package twinlock

// #include <twinlock.h>
import "C"

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unsafe"
)

// Tokens are what a session of a program's own lives on.
type Tokens struct {
	secretive
	Access          string
	AccessExpiresAt time.Time
	// Empty after a refresh: the one that was shown stays as it is.
	Refresh          string
	RefreshExpiresAt time.Time
}

// TokenKind says what a token is for.
type TokenKind int32

// The kinds of tokens.
const (
	AccessToken  TokenKind = C.TWINLOCK_TOKEN_ACCESS
	RefreshToken TokenKind = C.TWINLOCK_TOKEN_REFRESH
)

// Claims are what a token says; numbers are a json.Number.
type Claims map[string]any

// Subject is whose token it is.
func (c Claims) Subject() string {
	subject, _ := c["sub"].(string)
	return subject
}

// Mint makes tokens of a proof, which is used up by that; a second time is [ErrArgumentInvalid]. The claims
// go into both; they may be nil.
func (e *Engine) Mint(proof *Proof, claims map[string]any) (*Tokens, error) {
	var text []byte
	if len(claims) > 0 {
		var err error
		if text, err = json.Marshal(claims); err != nil {
			return nil, &Fault{Code: ErrClaimInvalid, Err: err}
		}
	}
	extra, extraLength := textIn(string(text))
	return e.minted(func(engine *C.twinlock_engine, now C.int64_t, tokens **C.twinlock_tokens) error {
		return proof.handle.take(func(object *unsafe.Pointer) error {
			native := (*C.twinlock_proof)(*object)
			status := C.twinlock_engine_mint(engine, &native, extra, extraLength, now, tokens)
			*object = unsafe.Pointer(native)
			return check(status)
		})
	})
}

// Verify checks a token of one kind and gives its claims.
//
// Refusals: [ErrTokenExpired]; [ErrTokenInvalid] for all else that is wrong with it.
func (e *Engine) Verify(token string, kind TokenKind) (Claims, error) {
	shown, shownLength := textIn(typed(token))
	text, err := e.tell(func(engine *C.twinlock_engine, now C.int64_t, out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.twinlock_engine_verify(engine, shown, shownLength, C.int32_t(kind), now, out, capacity, length)
	})
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var claims Claims
	return claims, decoder.Decode(&claims)
}

// RefreshSubject is the subject of a living refresh token.
//
// Refusals: those of [Engine.Verify].
func (e *Engine) RefreshSubject(token string) (string, error) {
	shown, shownLength := textIn(typed(token))
	return e.tell(func(engine *C.twinlock_engine, now C.int64_t, out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.twinlock_engine_refresh_subject(engine, shown, shownLength, now, out, capacity, length)
	})
}

// Refresh makes a new access token for a refresh token of a subject whose epoch has not moved since.
//
// Refusals: those of [Engine.Verify].
func (s SecondFactor) Refresh(ctx context.Context, token string) (*Tokens, error) {
	subject, err := s.Engine.RefreshSubject(token)
	if err != nil {
		return nil, err
	}
	record, _, err := s.load(ctx, subject)
	if err != nil {
		return nil, err
	}
	shown, shownLength := textIn(token)
	stored, storedLength := bytesIn(record)
	return s.Engine.minted(func(engine *C.twinlock_engine, now C.int64_t, tokens **C.twinlock_tokens) error {
		return check(C.twinlock_engine_refresh(engine, shown, shownLength, stored, storedLength, now, tokens))
	})
}

// minted makes a native call that gives tokens, and reads them.
func (e *Engine) minted(
	call func(engine *C.twinlock_engine, now C.int64_t, tokens **C.twinlock_tokens) error,
) (*Tokens, error) {
	var native *C.twinlock_tokens
	defer func() { C.twinlock_tokens_free(native) }()
	err := e.use(func(engine *C.twinlock_engine, now C.int64_t) error { return call(engine, now, &native) })
	if err != nil {
		return nil, err
	}
	fields := fields{
		text: func(field C.int32_t, _ C.size_t, out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
			return C.twinlock_tokens_text(native, field, out, capacity, length)
		},
		number: func(field C.int32_t, out *C.int64_t) C.int32_t {
			return C.twinlock_tokens_int(native, field, out)
		},
	}
	tokens := &Tokens{
		Access:          fields.one(C.TWINLOCK_FIELD_ACCESS),
		AccessExpiresAt: fields.time(C.TWINLOCK_FIELD_ACCESS_EXPIRES_AT),
	}
	if fields.err != nil {
		return nil, fields.err
	}
	refresh := fields
	tokens.Refresh = refresh.one(C.TWINLOCK_FIELD_REFRESH)
	tokens.RefreshExpiresAt = refresh.time(C.TWINLOCK_FIELD_REFRESH_EXPIRES_AT)
	if refresh.err != nil {
		tokens.Refresh, tokens.RefreshExpiresAt = "", time.Time{}
	}
	return tokens, nil
}
