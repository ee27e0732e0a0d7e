//! Sessions: refresh tokens that rotate, over a state that the host stores.

use std::ffi::c_char;

use serde_json::{Value, json};
use twinlock_core::{RefreshFamily, UnixTime};

use crate::buffer::{Out, Slot, TWINLOCK_INPUT_MAX, text};
use crate::engine::{stored_record, twinlock_engine};
use crate::guard::export;
use crate::handle::{self, Place};
use crate::pending::{give, twinlock_pending};
use crate::proof::twinlock_proof;
use crate::tokens::{json_object, twinlock_tokens};

/// The state of every session fits into so many bytes.
pub const TWINLOCK_SESSION_MAX: usize = 2048;

const _: () = assert!(TWINLOCK_SESSION_MAX <= TWINLOCK_INPUT_MAX, "what comes out must go in again");

/// As `twinlock_engine_mint`, but with a refresh token that rotates. Insert the state, which is JSON text of
/// at most `TWINLOCK_SESSION_MAX` bytes, into your store under the session's id before you give the tokens
/// out. Nothing in it is secret.
///
/// Result: as `twinlock_engine_mint`, and `TWINLOCK_FIELD_SESSION`, `_SESSION_STATE`, `_SUBJECT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_begin_session(
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
            handle::give(engine.begin_session(proof.take()?, &claims, now)?.into(), out)
        }
    }
}

/// Makes of the verdict of `twinlock_engine_finish_sign_in`, before its commit, one that begins a session, in
/// the same decision: so no code is used up for a session that is not there. Store what
/// `twinlock_pending_record` and `twinlock_pending_session` give in one transaction, and commit as always. A
/// refusal stays one, and begins nothing. `TWINLOCK_E_ARGUMENT_INVALID` for every other verdict, and for one
/// that was committed or has a session already. After a fault of the claims the commit gives that fault.
///
/// Result of the commit, in place of the proof: as `twinlock_engine_begin_session`; `TWINLOCK_FIELD_METHOD`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_with_session(
    engine: *const twinlock_engine,
    pending: *mut twinlock_pending,
    claims: *const c_char,
    claims_length: usize,
    now: i64,
) -> i32 {
    export! {
        engine = handle::get(engine);
        pending = handle::get_mut(pending);
        claims = text(claims, claims_length);
        => pending.begin_session(engine, &json_object(claims)?, UnixTime::new(now)?)
    }
}

/// Reads out of a living refresh token that rotates which record and which state to load.
///
/// Result: `TWINLOCK_FIELD_SUBJECT`, `_SESSION`.
/// Refusals: as `twinlock_engine_verify`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_session_of(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    now: i64,
    tokens: *mut *mut twinlock_tokens,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        out = Slot::new(tokens);
        => handle::give(engine.session_of(token, UnixTime::new(now)?)?.into(), out)
    }
}

/// Exchanges a refresh token for a new pair. Each does that once: within `TWINLOCK_OPT_JWT_REUSE_GRACE`
/// seconds it gets the same successor again, later it ends the session. `state` and `record` are what you
/// loaded. `twinlock_pending_record` gives the new state; store it with a write that changes a row only if
/// the state is still the one that was loaded, and commit as always.
///
/// Result: as `twinlock_engine_mint`.
/// Refusals: `TWINLOCK_R_TOKEN_EXPIRED`, `_TOKEN_INVALID`, `_SESSION_ENDED`, and `_TOKEN_REUSED`, upon which
/// there is a state to store, too.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_rotate(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    state: *const c_char,
    state_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        state = text(state, state_length);
        record = stored_record(record, record_length);
        out = Slot::new(pending);
        => {
            let family = RefreshFamily::from_json(state)?;
            give(engine.rotate(token, &family, record, UnixTime::new(now)?), out)
        }
    }
}

/// Writes what the state of a session says as a JSON object, for a list of a subject's sessions. Nothing secret
/// is in it. Members: `id`, `subject`, `created_at`, `rotated_at`; `expires_at`, when it ends unless it is rotated
/// before and its row can go; `ends_at`, when it ends whatever happens; `revoked_at`. Times are Unix seconds, or
/// null where there is none. `TWINLOCK_E_FAMILY_MALFORMED` for what is no state.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_session_status(
    state: *const c_char,
    state_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        state = text(state, state_length);
        out = Out::text(out, capacity, length);
        => out.write(session_json(&RefreshFamily::from_json(state)?).to_string().as_bytes())
    }
}

fn session_json(family: &RefreshFamily) -> Value {
    json!({
        "id": family.id(),
        "subject": family.subject().as_str(),
        "created_at": family.created_at().seconds(),
        "rotated_at": family.rotated_at().seconds(),
        "expires_at": family.expires_at().seconds(),
        "ends_at": family.ends_at().seconds(),
        "revoked_at": family.revoked_at().map(UnixTime::seconds),
    })
}

/// Writes the state of a session as it is after a logout, to be stored. Access tokens that are out live on
/// until their own end.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_session_revoke(
    state: *const c_char,
    state_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        state = text(state, state_length);
        out = Out::text(out, capacity, length);
        => {
            let mut family = RefreshFamily::from_json(state)?;
            family.revoke(UnixTime::new(now)?);
            out.write(family.to_json().as_bytes())
        }
    }
}
