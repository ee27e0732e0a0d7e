//! Sign-in: a challenge after the first factor, an answer, a proof.

use std::ffi::c_char;

use twinlock_core::{Answer, ErrorCode, FirstFactor, PresentedChallenge, UnixTime};

use crate::answer::answered;
use crate::buffer::{Out, Slot, given, text};
use crate::engine::{Account, stored_record, twinlock_engine};
use crate::guard::export;
use crate::handle;
use crate::pending::{give, give_sign_in, twinlock_pending};
use crate::status::Failure;

/// Answers a passed first factor. `methods` says how that was checked, as 1 to 8 names separated by spaces
/// (RFC 8176; `pwd` for a password), and `first_factor_at` when. `binding` is optional: something that you
/// must show again with the answer, such as a digest of the password's hash or a cookie's value.
///
/// Result: `TWINLOCK_FIELD_SIGN_IN` says what comes next, and with that:
/// `TWINLOCK_SIGN_IN_NOT_REQUIRED`: a proof.
/// `TWINLOCK_SIGN_IN_CHALLENGE`: `TWINLOCK_FIELD_CHALLENGE`, `_METHOD`, `_GIVES`, `_EXPIRES_AT`.
/// `TWINLOCK_SIGN_IN_SEND`: the same, and `TWINLOCK_FIELD_SENT_CODE`.
/// `TWINLOCK_SIGN_IN_TRUSTED`: a proof, and `TWINLOCK_FIELD_TRUST_TOKEN`, `_TRUST_ID`, `_EXPIRES_AT`.
/// `TWINLOCK_SIGN_IN_ENROLL_ONLY`: `TWINLOCK_FIELD_ENROLLMENT_TOKEN`, `_EXPIRES_AT`.
/// Refusals: `TWINLOCK_R_TOO_MANY_CODES` (with `twinlock_pending_retry_after`).
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
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        methods = text(methods, methods_length);
        binding = text(binding, binding_length);
        out = Slot::new(pending);
        => {
            let first_factor = first_factor(methods, first_factor_at, given(binding))?;
            give(user.engine.begin_sign_in(&user.subject, user.record, &first_factor, user.now), out)
        }
    }
}

/// As `twinlock_engine_begin_sign_in`, with the token of a trusted device, which may take the place of the
/// second factor. Any text may be given: one that is no such token changes nothing.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_begin_sign_in_on_device(
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
    trust_token: *const c_char,
    trust_token_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        methods = text(methods, methods_length);
        binding = text(binding, binding_length);
        trust_token = text(trust_token, trust_token_length);
        out = Slot::new(pending);
        => {
            let first_factor = first_factor(methods, first_factor_at, given(binding))?;
            let first_factor = first_factor.on_trusted_device(trust_token);
            give(user.engine.begin_sign_in(&user.subject, user.record, &first_factor, user.now), out)
        }
    }
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
    export! {
        engine = handle::get(engine);
        challenge = text(challenge, challenge_length);
        out = Out::text(out, capacity, length);
        => {
            let subject = engine.challenge_subject(challenge, UnixTime::new(now)?)?;
            out.write(subject.as_str().as_bytes())
        }
    }
}

/// Checks the answer to a challenge, of the kind `TWINLOCK_ANSWER_*`. `binding` is what `begin_sign_in` was
/// given, computed anew.
///
/// Result: a proof.
/// Refusals: `TWINLOCK_R_WRONG_CODE`, `_REPLAYED`, `_LOCKED` (with `twinlock_pending_retry_after`),
/// `_FACTOR_DISABLED`, `_NOT_ENROLLED`, `_CHALLENGE_INVALID`, `_CHALLENGE_SPENT`,
/// `_METHOD_NOT_ALLOWED` for a step-up, `_ENROLLMENT_REQUIRED` for a challenge that gives an enrollment.
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
    export! {
        engine = handle::get(engine);
        record = stored_record(record, record_length);
        challenge = text(challenge, challenge_length);
        binding = text(binding, binding_length);
        typed = text(typed, typed_length);
        out = Slot::new(pending);
        => {
            let (challenge, now) = (presented(challenge, binding), UnixTime::new(now)?);
            let check = |answer: Answer<'_>| engine.finish_sign_in(record, challenge, answer, now);
            give_sign_in(answered(engine, (answer_kind, typed), now, check), out)
        }
    }
}

/// Checks the answer to a challenge that gives an enrollment (`TWINLOCK_GIVES_ENROLLMENT`) and gives the
/// token that opens it.
///
/// Result: `TWINLOCK_FIELD_ENROLLMENT_TOKEN`, `_EXPIRES_AT`.
/// Refusals: as `twinlock_engine_finish_sign_in`, and `TWINLOCK_R_CHALLENGE_INVALID` for a challenge that
/// gives a sign-in.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_finish_for_enrollment(
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
    export! {
        engine = handle::get(engine);
        record = stored_record(record, record_length);
        challenge = text(challenge, challenge_length);
        binding = text(binding, binding_length);
        typed = text(typed, typed_length);
        out = Slot::new(pending);
        => {
            let (challenge, now) = (presented(challenge, binding), UnixTime::new(now)?);
            let check = |answer: Answer<'_>| engine.finish_for_enrollment(record, challenge, answer, now);
            give(answered(engine, (answer_kind, typed), now, check), out)
        }
    }
}

/// Makes a code for a challenge, the first one or another in its place. Deliver it only after a successful
/// commit. The wrong answers given so far still count.
///
/// Result: `TWINLOCK_FIELD_SENT_CODE`, `_EXPIRES_AT`.
/// Refusals: `TWINLOCK_R_TOO_MANY_CODES` (with `twinlock_pending_retry_after`), `_CHALLENGE_INVALID`,
/// `_CHALLENGE_SPENT`, `_NOT_ENROLLED`, `_LOCKED`, `_FACTOR_DISABLED`; `_METHOD_NOT_ALLOWED` where the
/// policy sends no codes, or to a subject that has a device and does not prefer sent codes.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_send_code(
    engine: *const twinlock_engine,
    record: *const u8,
    record_length: usize,
    challenge: *const c_char,
    challenge_length: usize,
    binding: *const c_char,
    binding_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        engine = handle::get(engine);
        record = stored_record(record, record_length);
        challenge = text(challenge, challenge_length);
        binding = text(binding, binding_length);
        out = Slot::new(pending);
        => give(engine.send_code(record, presented(challenge, binding), UnixTime::new(now)?), out)
    }
}

fn presented<'a>(token: &'a str, binding: &'a str) -> PresentedChallenge<'a> {
    PresentedChallenge { token, binding: given(binding) }
}
