//! What belongs to no handle: versions, wiping, key rings, subjects.

use std::ffi::{c_char, c_void};

use twinlock_core::vault::KeyRing;
use twinlock_core::{OsRandom, Subject};
use zeroize::Zeroize;

use crate::buffer::{Out, text};
use crate::guard::{export, guard_void};
use crate::vault::ids;

/// The version of this interface, the same number as in the library's SONAME. It changes when a program
/// built with an older header could break.
pub const TWINLOCK_ABI_VERSION: i32 = 0;

/// The version of the interface of the library that is loaded; compare it with `TWINLOCK_ABI_VERSION`.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn twinlock_abi_version() -> i32 {
    TWINLOCK_ABI_VERSION
}

/// Writes the version of the library that is loaded, such as `0.1.0`; `TWINLOCK_VERSION` is the header's.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_version(out: *mut c_char, capacity: usize, length: *mut usize) -> i32 {
    export! {
        out = Out::text(out, capacity, length);
        => out.write(env!("CARGO_PKG_VERSION").as_bytes())
    }
}

/// Writes a new key ring of one random key, as `TWINLOCK_OPT_KEYS` takes it. Keep it as you keep a password.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_keyring_generate(
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        out = Out::text(out, capacity, length);
        => out.write(KeyRing::generate(&OsRandom)?.to_text().as_bytes())
    }
}

/// Checks the text of a key ring as `TWINLOCK_OPT_KEYS` takes it, and writes the ids of its keys, separated
/// by spaces, the first key's first. An id says nothing about its key and may be logged.
///
/// Faults: `TWINLOCK_E_KEY_MISSING`, `_KEY_MALFORMED`, `_KEY_WEAK`, `_KEY_DUPLICATE`, `_KEY_RING_TOO_LARGE`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_keyring_ids(
    keys: *const c_char,
    keys_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        keys = text(keys, keys_length);
        out = Out::text(out, capacity, length);
        => out.write(ids(KeyRing::parse(keys)?.ids()).as_bytes())
    }
}

/// Checks that a text can be a subject: 1 to 255 bytes without control characters. Every call does so, too;
/// this is for those who load a record first. `TWINLOCK_E_SUBJECT_INVALID` where it cannot be one.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_subject_check(subject: *const c_char, subject_length: usize) -> i32 {
    export! {
        subject = text(subject, subject_length);
        => {
            Subject::new(subject)?;
            Ok(())
        }
    }
}

/// Overwrites memory of yours with zeros, in a way that no compiler leaves out. For buffers that held a
/// secret, a code, a token or keys. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_wipe(data: *mut c_void, length: usize) {
    guard_void(|| {
        if !data.is_null() && isize::try_from(length).is_ok() {
            // SAFETY: not NULL; the caller vouches for `length` bytes that nobody else uses.
            unsafe { std::slice::from_raw_parts_mut(data.cast::<u8>(), length) }.zeroize();
        }
    });
}
