//! Nothing is decided until it is stored: the value that stands between a verdict and its use.

use crate::error::{Fault, Refusal};
use crate::record::SealedRecord;

/// A decision that is not yet one: bytes to store, and a value that only [`Pending::commit`] gives out.
///
/// Store [`Pending::record`] with a conditional write (`UPDATE … WHERE subject = ? AND version = ?`)
/// in a transaction of its own, then call `commit` with whether exactly one row changed. A refusal comes
/// out of `commit`, too, so that a guess is answered only after it was counted.
///
/// There is no other way to the value, and only one go at it:
/// ```compile_fail,E0616
/// # fn f(pending: twinlock::Pending<twinlock::Proof>) {
/// let proof = pending.outcome.unwrap();
/// # }
/// ```
/// ```compile_fail,E0382
/// # fn f(pending: twinlock::Pending<twinlock::Proof>) {
/// let lost = pending.commit(false);
/// let won = pending.commit(true);
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn f(pending: twinlock::Pending<twinlock::Proof>) {
/// let copy: twinlock::Pending<twinlock::Proof> = pending.clone();
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn f(pending: twinlock::Pending<twinlock::Proof>) {
/// println!("{pending:?}");
/// # }
/// ```
#[must_use = "a verdict counts only after its record was stored and `commit` was called"]
pub struct Pending<T> {
    record: Option<SealedRecord>,
    outcome: Result<T, Refusal>,
}

/// Why [`Pending::commit`] gives no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The conditional write changed no row: load the record again and repeat the whole call.
    #[error("the record changed meanwhile; load it again and repeat the call")]
    Lost,
    /// The answer, now that it is counted, is no.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl<T> Pending<T> {
    pub(crate) fn store(record: SealedRecord, outcome: Result<T, Refusal>) -> Self {
        Self { record: Some(record), outcome }
    }

    pub(crate) fn nothing_to_store(outcome: Result<T, Refusal>) -> Self {
        Self { record: None, outcome }
    }

    /// The sealed record to store; `None` when there is nothing to store.
    #[must_use]
    pub fn record(&self) -> Option<&[u8]> {
        self.record.as_ref().map(SealedRecord::as_bytes)
    }

    /// Gives out the value. `stored` says whether the conditional write changed exactly one row; it
    /// does not matter when there was nothing to store.
    ///
    /// # Errors
    /// [`CommitError::Lost`] when it did not; [`CommitError::Refused`] when the answer is no.
    pub fn commit(self, stored: bool) -> Result<T, CommitError> {
        if self.record.is_some() && !stored {
            return Err(CommitError::Lost);
        }
        self.outcome.map_err(CommitError::Refused)
    }

    /// The same decision about what is made of the value; nobody gets at either before it is stored.
    pub(crate) fn and_then<U>(self, make: impl FnOnce(T) -> Result<U, Fault>) -> Result<Pending<U>, Fault> {
        let outcome = match self.outcome {
            Ok(value) => Ok(make(value)?),
            Err(refusal) => Err(refusal),
        };
        Ok(Pending { record: self.record, outcome })
    }

    pub(crate) const fn outcome(&self) -> Option<&T> {
        match &self.outcome {
            Ok(value) => Some(value),
            Err(_) => None,
        }
    }
}
