//! Sign-in: a challenge after the first factor, an answer, a proof.

use std::ffi::c_char;

use twinlock_core::{ErrorCode, FirstFactor, PresentedChallenge, UnixTime};

use crate::buffer::{Out, Slot, given, text};
use crate::engine::{Account, answer, stored_record, twinlock_engine};
use crate::guard::guard;
use crate::handle;
use crate::pending::{give, twinlock_pending};
use crate::status::Failure;

/// Answers a passed first factor: with a proof where the subject has no second factor, else with a challenge.
/// `methods` says how the first factor was checked, as 1 to 8 names separated by spaces (RFC 8176; `pwd` for
/// a password), and `first_factor_at` when. `binding` is optional: something that you must show again with
/// the answer, such as a digest of the password's hash or a cookie's value.
///
/// Result: `TWINLOCK_FIELD_SIGN_IN`; and a proof, or `TWINLOCK_FIELD_CHALLENGE`, `_METHOD`, `_EXPIRES_AT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_begin_sign_in(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    methods: *const c_char,
    methods_length: usize,
    first_factor_at: i64,
    binding: *const c_char,
    binding_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, methods, binding, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                text(methods, methods_length)?,
                text(binding, binding_length)?,
                Slot::new(pending)?,
            )
        };
        let first_factor = first_factor(methods, first_factor_at, given(binding))?;
        give(engine.begin_sign_in(&user.subject, user.record, &first_factor, user.now)?, out);
        Ok(())
    })
}

/// More names than any first factor may have are not even collected.
const METHODS_MAX: usize = 8;

fn first_factor(methods: &str, at: i64, binding: Option<&str>) -> Result<FirstFactor, Failure> {
    let at = UnixTime::new(at).map_err(|_| ErrorCode::FirstFactorInvalid)?;
    let names: Vec<&str> =
        methods.split(' ').filter(|name| !name.is_empty()).take(METHODS_MAX.saturating_add(1)).collect();
    let factor = FirstFactor::new(&names, at)?;
    Ok(match binding {
        Some(binding) => factor.bound_to(binding),
        None => factor,
    })
}

/// Writes the subject of a challenge, so that you know which record to load.
///
/// Refusals: `TWINLOCK_R_CHALLENGE_INVALID` for whatever is not a living challenge of yours.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_challenge_subject(
    engine: *const twinlock_engine,
    challenge: *const c_char,
    challenge_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, challenge, out) = unsafe {
            (handle::get(engine)?, text(challenge, challenge_length)?, Out::text(out, capacity, length)?)
        };
        let subject = engine.challenge_subject(challenge, UnixTime::new(now)?)?;
        out.write(subject.as_str().as_bytes())
    })
}

/// Checks the answer to a challenge, of the kind `TWINLOCK_ANSWER_*`. `binding` is what `begin_sign_in` was
/// given, computed anew.
///
/// Result: a proof.
/// Refusals: `TWINLOCK_R_WRONG_CODE`, `_REPLAYED`, `_LOCKED` (with `twinlock_pending_retry_after`),
/// `_FACTOR_DISABLED`, `_NOT_ENROLLED`, `_CHALLENGE_INVALID`, `_CHALLENGE_SPENT`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_finish_sign_in(
    engine: *const twinlock_engine,
    record: *const u8,
    record_length: usize,
    challenge: *const c_char,
    challenge_length: usize,
    binding: *const c_char,
    binding_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, record, token, binding, typed, out) = unsafe {
            (
                handle::get(engine)?,
                stored_record(record, record_length)?,
                text(challenge, challenge_length)?,
                text(binding, binding_length)?,
                text(typed, typed_length)?,
                Slot::new(pending)?,
            )
        };
        let challenge = PresentedChallenge { token, binding: given(binding) };
        let answer = answer(answer_kind, typed)?;
        give(engine.finish_sign_in(record, challenge, answer, UnixTime::new(now)?)?, out);
        Ok(())
    })
}
