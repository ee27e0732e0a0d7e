//! `twinlock_proof`: the second factor was passed. Only a commit makes one, only a mint uses it up.

use std::ffi::c_char;

use twinlock_core::Proof;

use crate::buffer::{Out, Slot};
use crate::fields::Fields;
use crate::guard::{export, guard_void};
use crate::handle::{self, Kind};

/// The proof that a subject passed what your policy asks for. It mints tokens once. One thread at a time.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_proof {
    _opaque: [u8; 0],
}

impl Kind for twinlock_proof {
    type Value = Proof;
    const TAG: &'static [u8; 8] = b"tl-proof";
}

/// Writes one text of a proof: `TWINLOCK_FIELD_SUBJECT`, `_AMR`; `_METHOD` where a second factor was shown,
/// `_DEVICE_ID` where that was a code of a device, `_PURPOSE` where the proof is of a step-up.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_proof_text(
    proof: *const twinlock_proof,
    field: i32,
    index: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        proof = handle::get(proof);
        out = Out::text(out, capacity, length);
        => Fields::from(proof).write_text(field, index, out)
    }
}

/// Writes how many texts a proof has in a field.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_proof_count(
    proof: *const twinlock_proof,
    field: i32,
    out: *mut usize,
) -> i32 {
    export! {
        proof = handle::get(proof);
        out = Slot::new(out);
        => {
            out.put(Fields::from(proof).count(field));
            Ok(())
        }
    }
}

/// Writes one number of a proof: `TWINLOCK_FIELD_EPOCH`, `_AUTH_TIME`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_proof_int(proof: *const twinlock_proof, field: i32, out: *mut i64) -> i32 {
    export! {
        proof = handle::get(proof);
        out = Slot::new(out);
        => Fields::from(proof).write_number(field, out)
    }
}

/// Frees a proof. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_proof_free(proof: *mut twinlock_proof) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(proof) });
}
