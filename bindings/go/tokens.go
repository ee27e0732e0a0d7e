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
	// The access token, or the sliding one.
	Access          string
	AccessExpiresAt time.Time
	// Empty where the call gives none.
	Refresh          string
	RefreshExpiresAt time.Time
}

// TokenKind says what a token is for.
type TokenKind int32

// The kinds of tokens.
const (
	AccessToken  TokenKind = C.TWINLOCK_TOKEN_ACCESS
	RefreshToken TokenKind = C.TWINLOCK_TOKEN_REFRESH
	// It opens APIs as an access token does, and gets its own successor.
	SlidingToken TokenKind = C.TWINLOCK_TOKEN_SLIDING
)

// Claims are what a token says; numbers are a json.Number.
type Claims map[string]any

// Subject is whose token it is.
func (c Claims) Subject() string {
	subject, _ := c["sub"].(string)
	return subject
}

// Mint makes an access and a refresh token of a proof, which is used up by that; a second time is [ErrArgumentInvalid].
// The claims go into both; they may be nil.
func (e *Engine) Mint(proof *Proof, claims map[string]any) (*Tokens, error) {
	return e.mint(proof, claims, func(m minting) C.int32_t {
		return C.twinlock_engine_mint(m.engine, m.proof, m.claims, m.claimsLength, m.now, m.tokens)
	})
}

// MintAccess makes an access token alone: for a step-up, whose purpose and time it names while the session goes on,
// or where no refresh token is wanted.
func (e *Engine) MintAccess(proof *Proof, claims map[string]any) (*Tokens, error) {
	return e.mint(proof, claims, func(m minting) C.int32_t {
		return C.twinlock_engine_mint_access(m.engine, m.proof, m.claims, m.claimsLength, m.now, m.tokens)
	})
}

// MintSliding makes one sliding token, which can be exchanged for its like while it lives.
func (e *Engine) MintSliding(proof *Proof, claims map[string]any) (*Tokens, error) {
	return e.mint(proof, claims, func(m minting) C.int32_t {
		return C.twinlock_engine_mint_sliding(m.engine, m.proof, m.claims, m.claimsLength, m.now, m.tokens)
	})
}

// Verify checks a token of one kind and gives its claims.
//
// Refusals: [ErrTokenExpired]; [ErrTokenInvalid] for all else that is wrong with it.
func (e *Engine) Verify(token string, kind TokenKind) (Claims, error) {
	shown, length := textIn(typed(token))
	text, err := e.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_verify(engine, shown, length, C.int32_t(kind), now, o.data, o.capacity, o.length)
	})
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var claims Claims
	return claims, decoder.Decode(&claims)
}

// TokenSubject verifies as [Engine.Verify] does, and gives the subject alone.
func (e *Engine) TokenSubject(token string, kind TokenKind) (string, error) {
	shown, length := textIn(typed(token))
	return e.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_token_subject(engine, shown, length, C.int32_t(kind), now,
			o.data, o.capacity, o.length)
	})
}

// JWKS is the JWK set (RFC 7517) of the public halves of the asymmetric JWT keys, with which other services verify
// access tokens. It is empty without such keys.
func (e *Engine) JWKS() (json.RawMessage, error) {
	text, err := e.tell(func(engine *C.twinlock_engine, _ C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_jwks(engine, o.data, o.capacity, o.length)
	})
	return json.RawMessage(text), err
}

// Refresh makes a new access token for a refresh token that does not rotate, of a subject whose epoch has not moved
// since.
//
// Refusals: those of [Engine.Verify].
func (s SecondFactor) Refresh(ctx context.Context, token string) (*Tokens, error) {
	shown, length := textIn(typed(token))
	subject, err := s.Engine.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_refresh_subject(engine, shown, length, now, o.data, o.capacity, o.length)
	})
	if err != nil {
		return nil, err
	}
	return s.exchange(ctx, subject, func(u user, tokens **C.twinlock_tokens) C.int32_t {
		return C.twinlock_engine_refresh(u.engine, shown, length, u.record, u.recordLength, u.now, tokens)
	})
}

// RefreshSliding makes a new sliding token for a living one of a subject whose epoch has not moved since, until the life
// of a refresh token has passed since the sign-in.
//
// Refusals: those of [Engine.Verify].
func (s SecondFactor) RefreshSliding(ctx context.Context, token string) (*Tokens, error) {
	subject, err := s.Engine.TokenSubject(token, SlidingToken)
	if err != nil {
		return nil, err
	}
	shown, length := textIn(token)
	return s.exchange(ctx, subject, func(u user, tokens **C.twinlock_tokens) C.int32_t {
		return C.twinlock_engine_refresh_sliding(u.engine, shown, length, u.record, u.recordLength, u.now, tokens)
	})
}

// exchange makes a native call on a subject's record that gives tokens.
func (s SecondFactor) exchange(
	ctx context.Context, subject string, call func(u user, tokens **C.twinlock_tokens) C.int32_t,
) (*Tokens, error) {
	record, _, err := load(ctx, s.Store, subject)
	if err != nil {
		return nil, err
	}
	var native *C.twinlock_tokens
	err = s.Engine.use(func(engine *C.twinlock_engine, now C.int64_t) error {
		return check(call(userOf(engine, subject, record, now), &native))
	})
	defer func() { C.twinlock_tokens_free(native) }()
	if err != nil {
		return nil, err
	}
	return readTokens(tokensOf(native))
}

// minting is what a call takes that makes tokens of a proof.
type minting struct {
	engine       *C.twinlock_engine
	proof        **C.twinlock_proof
	claims       *C.char
	claimsLength C.size_t
	now          C.int64_t
	tokens       **C.twinlock_tokens
}

func (e *Engine) mint(
	proof *Proof, claims map[string]any, call func(m minting) C.int32_t,
) (tokens *Tokens, err error) {
	err = e.minted(proof, claims, call, func(fields *fields) (err error) {
		tokens, err = readTokens(fields)
		return err
	})
	return tokens, err
}

// minted makes a native call that makes tokens of a proof, and lends what comes of it.
func (e *Engine) minted(
	proof *Proof, claims map[string]any, call func(m minting) C.int32_t, read func(fields *fields) error,
) error {
	var text []byte
	if len(claims) > 0 {
		var err error
		if text, err = json.Marshal(claims); err != nil {
			return &Fault{Code: ErrClaimInvalid, Err: err}
		}
	}
	extra, extraLength := textIn(string(text))
	var native *C.twinlock_tokens
	defer func() { C.twinlock_tokens_free(native) }()
	err := e.use(func(engine *C.twinlock_engine, now C.int64_t) error {
		return proof.take(func(object *unsafe.Pointer) error {
			taken := (*C.twinlock_proof)(*object)
			status := call(minting{engine, &taken, extra, extraLength, now, &native})
			*object = unsafe.Pointer(taken)
			return check(status)
		})
	})
	if err != nil {
		return err
	}
	return read(tokensOf(native))
}

func tokensOf(native *C.twinlock_tokens) *fields {
	return &fields{
		text: func(field C.int32_t, _ C.size_t, o out) C.int32_t {
			return C.twinlock_tokens_text(native, field, o.data, o.capacity, o.length)
		},
		number: func(field C.int32_t, out *C.int64_t) C.int32_t {
			return C.twinlock_tokens_int(native, field, out)
		},
	}
}

func readTokens(fields *fields) (*Tokens, error) {
	tokens := &Tokens{
		Access:          fields.one(C.TWINLOCK_FIELD_ACCESS),
		AccessExpiresAt: fields.time(C.TWINLOCK_FIELD_ACCESS_EXPIRES_AT),
	}
	if fields.err != nil {
		return nil, fields.err
	}
	if tokens.Refresh = fields.maybe(C.TWINLOCK_FIELD_REFRESH); tokens.Refresh != "" {
		tokens.RefreshExpiresAt = fields.time(C.TWINLOCK_FIELD_REFRESH_EXPIRES_AT)
	}
	return tokens, fields.err
}
