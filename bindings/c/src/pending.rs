//! `twinlock_pending`: a verdict that counts only once its record is stored.

use std::ffi::c_char;

use twinlock_core::{CommitError, ErrorCode, Proof, Refusal};

use crate::buffer::{Out, Slot, TWINLOCK_INPUT_MAX};
use crate::fields::{Fields, Verdict};
use crate::guard::{guard, guard_void};
use crate::handle::{self, Kind};
use crate::proof::twinlock_proof;
use crate::status::Failure;

/// Every record fits into so many bytes, whatever is done to an account.
pub const TWINLOCK_RECORD_MAX: usize = 4096;

const _: () = assert!(TWINLOCK_RECORD_MAX <= TWINLOCK_INPUT_MAX, "what comes out must go in again");

/// A verdict and the record to store before it counts. One thread at a time.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_pending {
    _opaque: [u8; 0],
}

impl Kind for twinlock_pending {
    type Value = Pending;
    const TAG: &'static [u8; 8] = b"tl-pendg";
}

pub(crate) enum Pending {
    /// Not committed.
    Open(Box<dyn Waiting + Send>),
    /// Committed, and the answer is yes.
    Yes(Fields, Option<Proof>),
    /// Committed, and the answer is no.
    No(Refusal),
    /// Never to be committed: the record was not stored, or a panic came between.
    Dead(ErrorCode),
}

/// The core's `Pending<T>`, whatever the `T`.
pub(crate) trait Waiting {
    fn record(&self) -> Option<&[u8]>;
    fn commit(self: Box<Self>, stored: bool) -> Result<Verdict, CommitError>;
}

impl<T: Into<Verdict>> Waiting for twinlock_core::Pending<T> {
    fn record(&self) -> Option<&[u8]> {
        Self::record(self)
    }

    fn commit(self: Box<Self>, stored: bool) -> Result<Verdict, CommitError> {
        Self::commit(*self, stored).map(Into::into)
    }
}

/// Gives a verdict of the core out to C.
pub(crate) fn give<T>(pending: twinlock_core::Pending<T>, out: Slot<*mut twinlock_pending>)
where
    T: Into<Verdict> + Send + 'static,
{
    out.put(handle::new(Pending::Open(Box::new(pending))));
}

impl Pending {
    fn commit(&mut self, stored: bool) -> Result<(), Failure> {
        if let Self::Open(_) = self
            && let Self::Open(waiting) = std::mem::replace(self, Self::Dead(ErrorCode::Panic))
        {
            *self = match waiting.commit(stored) {
                Ok(Verdict { fields, proof }) => Self::Yes(fields, proof),
                Err(CommitError::Refused(refusal)) => Self::No(refusal),
                Err(CommitError::Lost) => Self::Dead(ErrorCode::CommitLost),
            };
        }
        self.verdict()
    }

    fn verdict(&self) -> Result<(), Failure> {
        match self {
            Self::Open(_) => Err(ErrorCode::NotCommitted.into()),
            Self::Yes(..) => Ok(()),
            Self::No(refusal) => Err((*refusal).into()),
            Self::Dead(code) => Err((*code).into()),
        }
    }

    fn fields(&self) -> Result<&Fields, Failure> {
        match self {
            Self::Yes(fields, _) => Ok(fields),
            _ => Err(ErrorCode::NotCommitted.into()),
        }
    }
}

/// Writes the record to store. Length 0 means that there is nothing to store: go on to the commit.
/// `TWINLOCK_E_ARGUMENT_INVALID` after the commit.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_record(
    pending: *const twinlock_pending,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (pending, out) = unsafe { (handle::get(pending)?, Out::bytes(out, capacity, length)?) };
        match pending {
            Pending::Open(waiting) => out.write(waiting.record().unwrap_or_default()),
            _ => Err(ErrorCode::ArgumentInvalid.into()),
        }
    })
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let pending = unsafe { handle::get_mut(pending)? };
        pending.commit(rows == 1)
    })
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (pending, out) = unsafe { (handle::get(pending)?, Out::text(out, capacity, length)?) };
        pending.fields()?.write_text(field, index, out)
    })
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (pending, out) = unsafe { (handle::get(pending)?, Slot::new(out)?) };
        out.put(pending.fields()?.count(field));
        Ok(())
    })
}

/// Writes one number of the result. `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_int(
    pending: *const twinlock_pending,
    field: i32,
    out: *mut i64,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (pending, out) = unsafe { (handle::get(pending)?, Slot::new(out)?) };
        pending.fields()?.write_number(field, out)
    })
}

/// Writes the seconds to wait that a refusal came with; 0 where it came with none or there was no refusal.
/// `TWINLOCK_E_NOT_COMMITTED` before the commit and after a lost one.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_retry_after(
    pending: *const twinlock_pending,
    out: *mut i64,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (pending, out) = unsafe { (handle::get(pending)?, Slot::new(out)?) };
        let seconds = match pending {
            Pending::No(refusal) => refusal.retry_after.unwrap_or(0),
            Pending::Yes(..) => 0,
            _ => return Err(ErrorCode::NotCommitted.into()),
        };
        out.put(i64::try_from(seconds).unwrap_or(i64::MAX));
        Ok(())
    })
}

/// Takes the proof out of the result; there is one, once. `TWINLOCK_E_NOT_COMMITTED` before a commit
/// that succeeded, `TWINLOCK_E_FIELD_UNKNOWN` where the result has no proof or it was taken before.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_proof(
    pending: *mut twinlock_pending,
    out: *mut *mut twinlock_proof,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (pending, out) = unsafe { (handle::get_mut(pending)?, Slot::new(out)?) };
        let Pending::Yes(_, proof) = pending else {
            return Err(ErrorCode::NotCommitted.into());
        };
        out.put(handle::new(proof.take().ok_or(ErrorCode::FieldUnknown)?));
        Ok(())
    })
}

/// Frees a pending verdict and wipes what is secret in it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_pending_free(pending: *mut twinlock_pending) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(pending) });
}
