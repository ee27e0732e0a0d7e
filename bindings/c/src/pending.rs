//! `twinlock_pending`: a verdict that counts only once its record is stored.

use std::borrow::Cow;
use std::ffi::c_char;

use serde_json::{Map, Value};
use twinlock_core::{
    CommitError, Engine, Error, ErrorCode, PendingRotation, Proof, Refusal, SignedIn, UnixTime,
};

use crate::buffer::{Out, Slot, TWINLOCK_INPUT_MAX};
use crate::fields::Fields;
use crate::guard::{export, guard_void};
use crate::handle::{self, Kind};
use crate::proof::twinlock_proof;
use crate::results::Verdict;
use crate::status::Failure;

/// Every record fits into so many bytes, whatever is done to an account.
pub const TWINLOCK_RECORD_MAX: usize = 4096;

const _: () = assert!(TWINLOCK_RECORD_MAX <= TWINLOCK_INPUT_MAX, "what comes out must go in again");

/// A verdict, and what has to be stored before it counts. One thread at a time.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_pending {
    _opaque: [u8; 0],
}

impl Kind for twinlock_pending {
    type Value = Pending;
    const TAG: &'static [u8; 8] = b"tl-pendg";
}

pub(crate) enum Pending {
    /// Not committed, and found before the core was asked.
    Refused(Refusal),
    /// Not committed.
    Open(Box<dyn Waiting + Send>),
    /// Not committed, and may still begin a session.
    SignIn(Box<twinlock_core::Pending<Proof>>),
    /// Not committed, with a session.
    SignedIn(Box<twinlock_core::Pending<SignedIn>>),
    /// Committed, and the answer is yes.
    Yes(Box<Verdict>),
    /// Committed, and the answer is no.
    No(Refusal),
    /// Never to be committed: the record was not stored, or a panic came between.
    Dead(ErrorCode),
}

/// The core's `Pending<T>`, whatever the `T`, and its like.
pub(crate) trait Waiting {
    /// What has to be stored before the commit; empty where nothing has.
    fn to_store(&self) -> Cow<'_, [u8]>;
    fn commit(self: Box<Self>, stored: bool) -> Result<Verdict, CommitError>;
}

impl<T: Into<Verdict>> Waiting for twinlock_core::Pending<T> {
    fn to_store(&self) -> Cow<'_, [u8]> {
        self.record().unwrap_or_default().into()
    }

    fn commit(self: Box<Self>, stored: bool) -> Result<Verdict, CommitError> {
        Self::commit(*self, stored).map(Into::into)
    }
}

/// What is stored is the state of the session.
impl Waiting for PendingRotation {
    fn to_store(&self) -> Cow<'_, [u8]> {
        self.family().map(|family| family.to_json().into_bytes()).unwrap_or_default().into()
    }

    fn commit(self: Box<Self>, stored: bool) -> Result<Verdict, CommitError> {
        Self::commit(*self, stored).map(|tokens| Fields::from(tokens).into())
    }
}

/// Gives a verdict of the core out to C. A refusal, too, is told only by the commit.
pub(crate) fn give<W, E>(verdict: Result<W, E>, out: Slot<*mut twinlock_pending>) -> Result<(), Failure>
where
    W: Waiting + Send + 'static,
    E: Into<Error>,
{
    let waiting = match verdict.map_err(Into::into) {
        Ok(waiting) => Pending::Open(Box::new(waiting)),
        Err(Error::Refused(refusal)) => Pending::Refused(refusal),
        Err(Error::Fault(fault)) => return Err(fault.into()),
    };
    handle::give(waiting, out)
}

/// As `give`, for a verdict that a session may begin with.
pub(crate) fn give_sign_in(
    verdict: Result<twinlock_core::Pending<Proof>, Error>,
    out: Slot<*mut twinlock_pending>,
) -> Result<(), Failure> {
    match verdict {
        Ok(waiting) => handle::give(Pending::SignIn(Box::new(waiting)), out),
        refused => give(refused, out),
    }
}

impl Pending {
    /// Makes a sign-in one that begins a session.
    pub(crate) fn begin_session(
        &mut self,
        engine: &Engine,
        claims: &Map<String, Value>,
        now: UnixTime,
    ) -> Result<(), Failure> {
        match std::mem::replace(self, Self::Dead(ErrorCode::Panic)) {
            Self::SignIn(waiting) => match engine.with_session(*waiting, claims, now) {
                Ok(begun) => *self = Self::SignedIn(Box::new(begun)),
                Err(fault) => {
                    *self = Self::Dead(fault.code);
                    return Err(fault.into());
                }
            },
            Self::Refused(refusal) => *self = Self::Refused(refusal),
            other => {
                *self = other;
                return Err(ErrorCode::ArgumentInvalid.into());
            }
        }
        Ok(())
    }

    fn to_store(&self) -> Result<Cow<'_, [u8]>, Failure> {
        match self {
            Self::Refused(_) => Ok(Cow::default()),
            Self::Open(waiting) => Ok(waiting.to_store()),
            Self::SignIn(waiting) => Ok(waiting.to_store()),
            Self::SignedIn(waiting) => Ok(waiting.to_store()),
            _ => Err(ErrorCode::ArgumentInvalid.into()),
        }
    }

    fn commit(&mut self, stored: bool) -> Result<(), Failure> {
        // A panic in between leaves it dead.
        let decided = match std::mem::replace(self, Self::Dead(ErrorCode::Panic)) {
            Self::Refused(refusal) => Err(CommitError::Refused(refusal)),
            Self::Open(waiting) => waiting.commit(stored),
            Self::SignIn(waiting) => waiting.commit(stored),
            Self::SignedIn(waiting) => waiting.commit(stored),
            earlier => {
                *self = earlier;
                return self.verdict();
            }
        };
        *self = match decided {
            Ok(verdict) => Self::Yes(Box::new(verdict)),
            Err(CommitError::Refused(refusal)) => Self::No(refusal),
            Err(CommitError::Lost) => Self::Dead(ErrorCode::CommitLost),
        };
        self.verdict()
    }

    fn verdict(&self) -> Result<(), Failure> {
        match self {
            Self::Refused(_) | Self::Open(_) | Self::SignIn(_) | Self::SignedIn(_) => {
                Err(ErrorCode::NotCommitted.into())
            }
            Self::Yes(..) => Ok(()),
            Self::No(refusal) => Err((*refusal).into()),
            Self::Dead(code) => Err((*code).into()),
        }
    }

    fn fields(&self) -> Result<&Fields, Failure> {
        match self {
            Self::Yes(verdict) => Ok(&verdict.fields),
            _ => Err(ErrorCode::NotCommitted.into()),
        }
    }
}

/// Writes what has to be stored: the record, or after `twinlock_engine_rotate` the state of the session.
/// Length 0 means that there is nothing to store: go on to the commit. `TWINLOCK_E_ARGUMENT_INVALID` after
/// the commit.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_record(
    pending: *const twinlock_pending,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        pending = handle::get(pending);
        out = Out::bytes(out, capacity, length);
        => out.write(&pending.to_store()?)
    }
}

/// Writes what has to be stored of the session that `twinlock_engine_with_session` began:
/// `TWINLOCK_FIELD_SESSION`, its id, or `TWINLOCK_FIELD_SESSION_STATE`. Length 0 means that there is none to
/// store, as with a refusal and every other verdict. `TWINLOCK_E_ARGUMENT_INVALID` after the commit.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_session(
    pending: *const twinlock_pending,
    field: i32,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        pending = handle::get(pending);
        out = Out::text(out, capacity, length);
        => {
            match pending {
                Pending::Yes(_) | Pending::No(_) | Pending::Dead(_) => Err(ErrorCode::ArgumentInvalid.into()),
                Pending::SignedIn(waiting) if let Some(family) = waiting.family() => {
                    Fields::from(family).write_text(field, 0, out)
                }
                _ => out.write(&[]),
            }
        }
    }
}

/// Says how the conditional write went and gives the verdict: `TWINLOCK_OK`, a refusal, or
/// `TWINLOCK_E_COMMIT_LOST`, upon which the record has to be loaded again and the whole call repeated.
///
/// `rows` is the number of rows that the write changed. 1 is success; 0 and any other number, such as
/// the -1 of a database's failure, is not. It does not matter when there was nothing to store.
/// The first call decides; later ones give the same verdict again.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_commit(pending: *mut twinlock_pending, rows: i64) -> i32 {
    export! {
        pending = handle::get_mut(pending);
        => pending.commit(rows == 1)
    }
}

/// Writes one text of the result. Fields with several texts count `index` from 0; others have only index 0.
/// `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_text(
    pending: *const twinlock_pending,
    field: i32,
    index: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        pending = handle::get(pending);
        out = Out::text(out, capacity, length);
        => pending.fields()?.write_text(field, index, out)
    }
}

/// Writes how many texts the result has in a field; 0 where it has no such field.
/// `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_count(
    pending: *const twinlock_pending,
    field: i32,
    out: *mut usize,
) -> i32 {
    export! {
        pending = handle::get(pending);
        out = Slot::new(out);
        => {
            out.put(pending.fields()?.count(field));
            Ok(())
        }
    }
}

/// Writes one number of the result. `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_int(
    pending: *const twinlock_pending,
    field: i32,
    out: *mut i64,
) -> i32 {
    export! {
        pending = handle::get(pending);
        out = Slot::new(out);
        => pending.fields()?.write_number(field, out)
    }
}

/// Writes the seconds to wait that a refusal came with; 0 where it came with none or there was no refusal.
/// `TWINLOCK_E_NOT_COMMITTED` before the commit and after a lost one.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_retry_after(
    pending: *const twinlock_pending,
    out: *mut i64,
) -> i32 {
    export! {
        pending = handle::get(pending);
        out = Slot::new(out);
        => {
            let seconds = match pending {
                Pending::No(refusal) => refusal.retry_after.unwrap_or(0),
                Pending::Yes(..) => 0,
                _ => return Err(ErrorCode::NotCommitted.into()),
            };
            out.put(i64::try_from(seconds).unwrap_or(i64::MAX));
            Ok(())
        }
    }
}

/// Takes the proof out of the result; there is one, once. `TWINLOCK_E_NOT_COMMITTED` before a commit
/// that succeeded, `TWINLOCK_E_FIELD_UNKNOWN` where the result has no proof or it was taken before.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_proof(
    pending: *mut twinlock_pending,
    out: *mut *mut twinlock_proof,
) -> i32 {
    export! {
        pending = handle::get_mut(pending);
        out = Slot::new(out);
        => {
            let Pending::Yes(verdict) = pending else {
                return Err(ErrorCode::NotCommitted.into());
            };
            handle::give(verdict.proof.take().ok_or(ErrorCode::FieldUnknown)?, out)
        }
    }
}

/// Frees a pending verdict and wipes what is secret in it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_free(pending: *mut twinlock_pending) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(pending) });
}
