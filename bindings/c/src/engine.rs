//! `twinlock_engine`, and what every call on it takes: an account.

use std::ffi::c_char;

use twinlock_core::{Engine, Subject, UnixTime};

use crate::buffer::{Slot, bytes, text};
use crate::config::twinlock_config;
use crate::guard::{export, guard_void};
use crate::handle::{self, Kind, Place};
use crate::status::Failure;

/// Policy and keys, and nothing per user. Share one between all threads.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_engine {
    _opaque: [u8; 0],
}

impl Kind for twinlock_engine {
    type Value = Engine;
    const TAG: &'static [u8; 8] = b"tl-engin";
}

const _: () = {
    const fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<Engine>();
};

/// Whom a call on an engine is about: the user, the record as it was loaded, and the time.
pub(crate) struct Account<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) subject: Subject,
    pub(crate) record: Option<&'a [u8]>,
    pub(crate) now: UnixTime,
}

impl<'a> Account<'a> {
    /// # Safety
    /// As [`handle::get`] for the engine; as [`text`] and [`bytes`] for each pair of pointer and length.
    pub(crate) unsafe fn read(
        engine: *const twinlock_engine,
        (subject, subject_length): (*const c_char, usize),
        (record, record_length): (*const u8, usize),
        now: i64,
    ) -> Result<Self, Failure> {
        // SAFETY: the caller's promise is the one that these three ask for.
        let (engine, subject, record) = unsafe {
            (handle::get(engine)?, text(subject, subject_length)?, stored_record(record, record_length)?)
        };
        Ok(Self { engine, subject: Subject::new(subject)?, record, now: UnixTime::new(now)? })
    }
}

/// The record as it was loaded; length 0 means that there is none.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn stored_record<'a>(
    record: *const u8,
    length: usize,
) -> Result<Option<&'a [u8]>, Failure> {
    // SAFETY: the caller's promise is the one that `bytes` asks for.
    let record = unsafe { bytes(record, length)? };
    Ok(Some(record).filter(|record| !record.is_empty()))
}

/// Checks the options and builds an engine. On success `*config` is used up and NULL; on failure it is
/// still yours, to be corrected or freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_new(
    config: *mut *mut twinlock_config,
    engine: *mut *mut twinlock_engine,
) -> i32 {
    export! {
        config = Place::new(config);
        out = Slot::new(engine);
        => {
            let engine = config.value()?.engine()?;
            config.take()?;
            handle::give(engine, out)
        }
    }
}

/// Frees an engine and wipes its keys. No thread may be using it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_free(engine: *mut twinlock_engine) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(engine) });
}
