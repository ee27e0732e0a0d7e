//! What a second factor is good for after sign-in: step-up and trusted devices.

use std::ffi::c_char;

use twinlock_core::{ErrorCode, StepUp, UnixTime};

use crate::answer::{answered, session_claims};
use crate::buffer::{Slot, given, text};
use crate::engine::{Account, twinlock_engine};
use crate::guard::export;
use crate::handle;
use crate::pending::{give, twinlock_pending};
use crate::proof::twinlock_proof;

/// Asks a signed-in user for the second factor once more, for one purpose: 1 to 64 characters out of `a-z
/// 0-9 _ - . :`. `session` is optional: the session's access or sliding token, which goes on in the new one.
///
/// Result: a proof for `twinlock_engine_mint_access`, and for nothing else.
/// Refusals: as `twinlock_engine_disable`, but `TWINLOCK_R_METHOD_NOT_ALLOWED` for a step-up as the answer;
/// `TWINLOCK_R_SECOND_FACTOR_REQUIRED` when the session is another subject's or over, and those of
/// `twinlock_engine_verify` for its token.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_step_up(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    purpose: *const c_char,
    purpose_length: usize,
    session: *const c_char,
    session_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        typed = text(typed, typed_length);
        purpose = text(purpose, purpose_length);
        session = text(session, session_length);
        out = Slot::new(pending);
        => {
            let session = given(session).map(|token| session_claims(user.engine, token, user.now));
            let verdict = session.transpose().and_then(|session| {
                let step_up = StepUp { purpose, session: session.as_ref() };
                answered(user.engine, (answer_kind, typed), user.now, |answer| {
                    user.engine.step_up(&user.subject, user.record, answer, step_up, user.now)
                })
            });
            give(verdict, out)
        }
    }
}

/// Checks that an access or sliding token shows a second factor that is fresh enough for a sensitive action:
/// at most `max_age` seconds old, and for this purpose if the token names one. `max_age` 0 takes the
/// policy's `TWINLOCK_OPT_STEP_UP_AGE`.
///
/// Refusals: `TWINLOCK_R_SECOND_FACTOR_REQUIRED`, and those of `twinlock_engine_verify`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_require_step_up(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    purpose: *const c_char,
    purpose_length: usize,
    max_age: u32,
    now: i64,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        purpose = text(purpose, purpose_length);
        => {
            let now = UnixTime::new(now)?;
            let claims = session_claims(engine, token, now)?;
            let max_age = Some(max_age).filter(|age| *age > 0);
            Ok(engine.require_step_up(&claims, purpose, max_age, now)?)
        }
    }
}

/// Trusts the device on which the second factor of a proof has just been shown: with the token, sign-in on
/// it needs no second factor until the trust ends, tokens die or it is revoked. The proof stays yours; mint
/// with it afterwards. Where there are as many devices as the policy allows, the one not used for longest
/// makes room.
///
/// Result: `TWINLOCK_FIELD_TRUST_TOKEN`, `_TRUST_ID`, `_EXPIRES_AT`.
/// Refusals: `TWINLOCK_R_METHOD_NOT_ALLOWED` where the policy has no trusted devices;
/// `TWINLOCK_R_SECOND_FACTOR_REQUIRED` when the proof is another subject's, of an older epoch, or without a
/// second factor.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_trust_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    proof: *const twinlock_proof,
    name: *const c_char,
    name_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        proof = handle::get(proof);
        name = text(name, name_length);
        out = Slot::new(pending);
        => give(user.engine.trust_device(&user.subject, user.record, proof, name, user.now), out)
    }
}

/// Says whether a token is that of a trusted device of the subject: `TWINLOCK_OK`, or else
/// `TWINLOCK_R_SECOND_FACTOR_REQUIRED`. `twinlock_engine_begin_sign_in_on_device` asks this itself.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_is_trusted(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    trust_token: *const c_char,
    trust_token_length: usize,
    now: i64,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        trust_token = text(trust_token, trust_token_length);
        => {
            if user.engine.is_trusted(&user.subject, user.record, trust_token, user.now)? {
                return Ok(());
            }
            Err(ErrorCode::SecondFactorRequired.into())
        }
    }
}

/// Ends the trust in one device. `TWINLOCK_E_ARGUMENT_INVALID` where the id is empty.
///
/// Refusals: `TWINLOCK_R_DEVICE_UNKNOWN`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_revoke_trusted_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    trust_id: *const c_char,
    trust_id_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        trust_id = text(trust_id, trust_id_length);
        out = Slot::new(pending);
        => {
            // An id that got lost on its way here must not be taken for all of them.
            let id = given(trust_id).ok_or(ErrorCode::ArgumentInvalid)?;
            give(user.engine.revoke_trusted_devices(&user.subject, user.record, Some(id), user.now), out)
        }
    }
}

/// Ends the trust in all devices of the subject.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_revoke_all_trusted_devices(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        out = Slot::new(pending);
        => give(user.engine.revoke_trusted_devices(&user.subject, user.record, None, user.now), out)
    }
}
