//! The loop that every host needs: load, decide, write if nobody else did, commit; and again if somebody did.
//! `calls` lists the engine's calls that go through it.
//!
//! [`SecondFactor`] runs it over a [`Store`] of two methods. A store keeps, for each subject, the sealed
//! record's bytes and a version number that grows by one with every write.

mod calls;
mod memory;

pub use memory::MemoryStore;

use std::time::Duration;

use crate::engine::Engine;
use crate::engine::pending::{CommitError, Pending};
use crate::engine::status::Status;
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::subject::Subject;
use crate::time::UnixTime;

/// How often the loop tries before it refuses with `contended`.
const ATTEMPTS: u32 = 8;

/// Where records are kept. Both methods may be called from many threads.
pub trait Store {
    /// What the store itself can fail with.
    type Error;

    /// The sealed record and its version, or `None` where there is none.
    ///
    /// # Errors
    /// The store's own; nothing is decided then.
    fn load(&self, subject: &Subject) -> Result<Option<(Vec<u8>, u64)>, Self::Error>;

    /// Writes the record only if its version is still `expected_version` (0: only if there is none), in a
    /// transaction of its own, and says whether exactly one row changed.
    ///
    /// # Errors
    /// The store's own; nothing is granted then.
    fn save(&self, subject: &Subject, record: &[u8], expected_version: u64) -> Result<bool, Self::Error>;

    /// Waits before the next attempt, as long as it is told.
    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// What a call over a store can end with.
#[derive(Debug, thiserror::Error)]
pub enum HostError<E> {
    /// The user's fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller's fault.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store failed; nothing was granted.
    #[error("the store failed")]
    Store(E),
}

impl<E> From<Error> for HostError<E> {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// An engine over a store.
pub struct SecondFactor<S> {
    engine: Engine,
    store: S,
}

impl<S: Store> SecondFactor<S> {
    /// Puts both together.
    pub const fn new(engine: Engine, store: S) -> Self {
        Self { engine, store }
    }

    /// The engine, to mint and verify tokens.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The store.
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// See [`Engine::status`].
    ///
    /// # Errors
    /// Its faults and the store's errors.
    pub fn status(&self, subject: &Subject, now: UnixTime) -> Result<Status, HostError<S::Error>> {
        Ok(self.engine.status(subject, self.load(subject)?.as_deref(), now)?)
    }

    /// See [`Engine::refresh`].
    ///
    /// # Errors
    /// Its refusals and faults and the store's errors.
    pub fn refresh(&self, token: &str, now: UnixTime) -> Result<(String, UnixTime), HostError<S::Error>> {
        let subject = self.engine.refresh_subject(token, now)?;
        Ok(self.engine.refresh(token, self.load(&subject)?.as_deref(), now)?)
    }

    /// The record, for calls that change nothing.
    fn load(&self, subject: &Subject) -> Result<Option<Vec<u8>>, HostError<S::Error>> {
        Ok(self.store.load(subject).map_err(HostError::Store)?.map(|(record, _)| record))
    }

    /// Load, decide, conditional write, commit; from the start again when the write lost.
    fn run<T>(
        &self,
        subject: &Subject,
        decide: impl Fn(Option<&[u8]>) -> Result<Pending<T>, Fault>,
    ) -> Result<T, HostError<S::Error>> {
        for attempt in 1..=ATTEMPTS {
            let row = self.store.load(subject).map_err(HostError::Store)?;
            let (record, version) = row.map_or((None, 0), |(record, version)| (Some(record), version));
            let pending = decide(record.as_deref())?;
            let stored = match pending.record() {
                Some(bytes) => self.store.save(subject, bytes, version).map_err(HostError::Store)?,
                None => true,
            };
            match pending.commit(stored) {
                Ok(value) => return Ok(value),
                Err(CommitError::Refused(refusal)) => return Err(HostError::Refused(refusal)),
                Err(CommitError::Lost) => self.store.pause(self.backoff(attempt)?),
            }
        }
        Err(HostError::Refused(Refusal::after(ErrorCode::Contended, 1)))
    }

    /// Up to 4 ms for each attempt that was lost, at random so that those who collided part.
    fn backoff(&self, attempt: u32) -> Result<Duration, Fault> {
        let [portion] = self.engine.random_bytes()?;
        Ok(Duration::from_micros(16).saturating_mul(attempt.saturating_mul(portion.into())))
    }
}
