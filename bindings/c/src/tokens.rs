//! Tokens: minted from a proof, verified, refreshed.

use std::ffi::c_char;

use serde_json::{Map, Value};
use twinlock_core::{Claims, ErrorCode, TokenKind, UnixTime};

use crate::buffer::{Out, Slot, text};
use crate::engine::{stored_record, twinlock_engine};
use crate::fields::Fields;
use crate::guard::{export, guard_void};
use crate::handle::{self, Kind, Place};
use crate::proof::twinlock_proof;
use crate::status::Failure;

/// An access token.
pub const TWINLOCK_TOKEN_ACCESS: i32 = 1;
/// A refresh token.
pub const TWINLOCK_TOKEN_REFRESH: i32 = 2;
/// A sliding token: it opens APIs as an access token does, and gets its own successor.
pub const TWINLOCK_TOKEN_SLIDING: i32 = 3;

/// Tokens that were minted, or what one says. One thread at a time.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_tokens {
    _opaque: [u8; 0],
}

impl Kind for twinlock_tokens {
    type Value = Fields;
    const TAG: &'static [u8; 8] = b"tl-tokns";
}

/// Mints an access and a refresh token from a proof. `claims` is optional: a JSON object whose members
/// go into both. Read them with `twinlock_tokens_text` and `twinlock_tokens_int`.
///
/// `*proof` is used up and NULL once the arguments were read, whatever comes after; where it is not NULL
/// after the call, it is still yours. `TWINLOCK_E_ARGUMENT_INVALID` for the proof of a step-up.
///
/// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`, `_REFRESH`, `_REFRESH_EXPIRES_AT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_mint(
    engine: *const twinlock_engine,
    proof: *mut *mut twinlock_proof,
    claims: *const c_char,
    claims_length: usize,
    now: i64,
    tokens: *mut *mut twinlock_tokens,
) -> i32 {
    export! {
        engine = handle::get(engine);
        proof = Place::new(proof);
        claims = text(claims, claims_length);
        out = Slot::new(tokens);
        => {
            let (claims, now) = (json_object(claims)?, UnixTime::new(now)?);
            handle::give(engine.mint(proof.take()?, &claims, now)?.into(), out)
        }
    }
}

/// As `twinlock_engine_mint`, but an access token alone: for a step-up, whose purpose and time it names
/// while the session goes on, or where no refresh token is wanted.
///
/// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_mint_access(
    engine: *const twinlock_engine,
    proof: *mut *mut twinlock_proof,
    claims: *const c_char,
    claims_length: usize,
    now: i64,
    tokens: *mut *mut twinlock_tokens,
) -> i32 {
    export! {
        engine = handle::get(engine);
        proof = Place::new(proof);
        claims = text(claims, claims_length);
        out = Slot::new(tokens);
        => {
            let (claims, now) = (json_object(claims)?, UnixTime::new(now)?);
            handle::give(engine.mint_access(proof.take()?, &claims, now)?.into(), out)
        }
    }
}

/// As `twinlock_engine_mint`, but one sliding token, which can be exchanged for its like while it lives.
///
/// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_mint_sliding(
    engine: *const twinlock_engine,
    proof: *mut *mut twinlock_proof,
    claims: *const c_char,
    claims_length: usize,
    now: i64,
    tokens: *mut *mut twinlock_tokens,
) -> i32 {
    export! {
        engine = handle::get(engine);
        proof = Place::new(proof);
        claims = text(claims, claims_length);
        out = Slot::new(tokens);
        => {
            let (claims, now) = (json_object(claims)?, UnixTime::new(now)?);
            handle::give(engine.mint_sliding(proof.take()?, &claims, now)?.into(), out)
        }
    }
}

pub(crate) fn json_object(text: &str) -> Result<Map<String, Value>, Failure> {
    if text.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(text).map_err(|_| ErrorCode::ClaimInvalid.into())
}

/// Verifies a token of one kind (`TWINLOCK_TOKEN_*`) and writes its claims as a JSON object.
///
/// Refusals: `TWINLOCK_R_TOKEN_EXPIRED`; `TWINLOCK_R_TOKEN_INVALID` for all else that is wrong with it.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_verify(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    kind: i32,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        out = Out::text(out, capacity, length);
        => {
            let claims = engine.verify(token, token_kind(kind)?, UnixTime::new(now)?)?;
            out.write(claims.to_json().as_bytes())
        }
    }
}

/// As `twinlock_engine_verify`, but writes the subject alone.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_token_subject(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    kind: i32,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        out = Out::text(out, capacity, length);
        => {
            let claims = engine.verify(token, token_kind(kind)?, UnixTime::new(now)?)?;
            out.write(subject_of(&claims)?.as_bytes())
        }
    }
}

fn token_kind(kind: i32) -> Result<TokenKind, Failure> {
    match kind {
        TWINLOCK_TOKEN_ACCESS => Ok(TokenKind::Access),
        TWINLOCK_TOKEN_REFRESH => Ok(TokenKind::Refresh),
        TWINLOCK_TOKEN_SLIDING => Ok(TokenKind::Sliding),
        _ => Err(ErrorCode::ArgumentUnknown.into()),
    }
}

fn subject_of(claims: &Claims) -> Result<&str, Failure> {
    claims.get("sub").and_then(Value::as_str).ok_or(ErrorCode::TokenInvalid.into())
}

/// Writes the subject of a living refresh token that does not rotate, so that you know which record to load.
///
/// Refusals: as `twinlock_engine_verify`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_refresh_subject(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        out = Out::text(out, capacity, length);
        => {
            let subject = engine.refresh_subject(token, UnixTime::new(now)?)?;
            out.write(subject.as_str().as_bytes())
        }
    }
}

/// A new access token for a refresh token of a subject whose record did not move its epoch since. The refresh
/// token stays as it is, and no other comes out.
///
/// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
/// Refusals: as `twinlock_engine_verify`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_refresh(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    tokens: *mut *mut twinlock_tokens,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        record = stored_record(record, record_length);
        out = Slot::new(tokens);
        => handle::give(engine.refresh(token, record, UnixTime::new(now)?)?.into(), out)
    }
}

/// A new sliding token for a living one of a subject whose record did not move its epoch since, until the
/// life of a refresh token has passed since the sign-in. `twinlock_engine_token_subject` tells whose record
/// to load.
///
/// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
/// Refusals: as `twinlock_engine_verify`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_refresh_sliding(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    tokens: *mut *mut twinlock_tokens,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        record = stored_record(record, record_length);
        out = Slot::new(tokens);
        => handle::give(engine.refresh_sliding(token, record, UnixTime::new(now)?)?.into(), out)
    }
}

/// Writes the public halves of the asymmetric JWT keys as a JWK set (RFC 7517 section 5), with which other
/// services verify access tokens. No private number and no HMAC key is ever in it; it is empty without
/// asymmetric keys.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_jwks(
    engine: *const twinlock_engine,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        out = Out::text(out, capacity, length);
        => out.write(engine.jwks().as_bytes())
    }
}

/// Writes one text: `TWINLOCK_FIELD_ACCESS`, `_REFRESH`, `_SUBJECT`, `_SESSION`, `_SESSION_STATE`, as the
/// call that made the handle says.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_tokens_text(
    tokens: *const twinlock_tokens,
    field: i32,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        tokens = handle::get(tokens);
        out = Out::text(out, capacity, length);
        => tokens.write_text(field, 0, out)
    }
}

/// Writes when a token ends: `TWINLOCK_FIELD_ACCESS_EXPIRES_AT`, `_REFRESH_EXPIRES_AT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_tokens_int(
    tokens: *const twinlock_tokens,
    field: i32,
    out: *mut i64,
) -> i32 {
    export! {
        tokens = handle::get(tokens);
        out = Slot::new(out);
        => tokens.write_number(field, out)
    }
}

/// Frees tokens and wipes them. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_tokens_free(tokens: *mut twinlock_tokens) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(tokens) });
}
