//! Tokens: minted from a proof, verified, refreshed.

use std::ffi::c_char;

use serde_json::{Map, Value};
use twinlock_core::{ErrorCode, TokenKind, UnixTime};

use crate::buffer::{Out, Slot, text};
use crate::engine::{stored_record, twinlock_engine};
use crate::fields::Fields;
use crate::guard::{guard, guard_void};
use crate::handle::{self, Kind, Place};
use crate::proof::twinlock_proof;
use crate::status::Failure;

/// An access token.
pub const TWINLOCK_TOKEN_ACCESS: i32 = 1;
/// A refresh token.
pub const TWINLOCK_TOKEN_REFRESH: i32 = 2;

/// Tokens that were minted. One thread at a time.
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
/// after the call, it is still yours.
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, proof, claims, out) = unsafe {
            (handle::get(engine)?, Place::new(proof)?, text(claims, claims_length)?, Slot::new(tokens)?)
        };
        let (claims, now) = (json_object(claims)?, UnixTime::new(now)?);
        let minted = engine.mint(proof.take()?, &claims, now)?;
        out.put(handle::new(Fields::from(minted)));
        Ok(())
    })
}

fn json_object(text: &str) -> Result<Map<String, Value>, Failure> {
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, token, out) =
            unsafe { (handle::get(engine)?, text(token, token_length)?, Out::text(out, capacity, length)?) };
        let claims = engine.verify(token, token_kind(kind)?, UnixTime::new(now)?)?;
        out.write(claims.to_json().as_bytes())
    })
}

fn token_kind(kind: i32) -> Result<TokenKind, Failure> {
    match kind {
        TWINLOCK_TOKEN_ACCESS => Ok(TokenKind::Access),
        TWINLOCK_TOKEN_REFRESH => Ok(TokenKind::Refresh),
        _ => Err(ErrorCode::ArgumentUnknown.into()),
    }
}

/// Writes the subject of a living refresh token, so that you know which record to load.
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, token, out) =
            unsafe { (handle::get(engine)?, text(token, token_length)?, Out::text(out, capacity, length)?) };
        let subject = engine.refresh_subject(token, UnixTime::new(now)?)?;
        out.write(subject.as_str().as_bytes())
    })
}

/// A new access token for a refresh token of a subject whose record did not move its epoch since. The refresh
/// token stays as it is, and no other comes out.
///
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, token, record, out) = unsafe {
            (
                handle::get(engine)?,
                text(token, token_length)?,
                stored_record(record, record_length)?,
                Slot::new(tokens)?,
            )
        };
        let refreshed = engine.refresh(token, record, UnixTime::new(now)?)?;
        out.put(handle::new(Fields::from(refreshed)));
        Ok(())
    })
}

/// Writes one token: `TWINLOCK_FIELD_ACCESS`, `_REFRESH`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_tokens_text(
    tokens: *const twinlock_tokens,
    field: i32,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (tokens, out) = unsafe { (handle::get(tokens)?, Out::text(out, capacity, length)?) };
        tokens.write_text(field, 0, out)
    })
}

/// Writes when a token ends: `TWINLOCK_FIELD_ACCESS_EXPIRES_AT`, `_REFRESH_EXPIRES_AT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_tokens_int(
    tokens: *const twinlock_tokens,
    field: i32,
    out: *mut i64,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (tokens, out) = unsafe { (handle::get(tokens)?, Slot::new(out)?) };
        tokens.write_number(field, out)
    })
}

/// Frees tokens and wipes them. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_tokens_free(tokens: *mut twinlock_tokens) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(tokens) });
}
