//! Sealing: a host's own small secrets, and new keys for what was sealed with old ones.

use std::ffi::c_char;

use twinlock_core::{KeyId, OsRandom, Subject, vault};

use crate::buffer::{Out, bytes, text};
use crate::engine::twinlock_engine;
use crate::guard::export;
use crate::handle;

/// Seals a record anew with the first key of the ring and the policy's cipher. Length 0 says that it needs
/// no other key already. Store the result with a conditional write, as every record; if that write is lost,
/// somebody else has written the record, with the first key. It may run at any time, any number of times.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_reseal(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        subject = text(subject, subject_length);
        record = bytes(record, record_length);
        out = Out::bytes(out, capacity, length);
        => {
            let resealed = engine.reseal(&Subject::new(subject)?, record)?;
            out.write(resealed.as_ref().map(|record| record.as_bytes()).unwrap_or_default())
        }
    }
}

/// Writes the ids of the keys that a record cannot do without, separated by spaces. A key of the ring that
/// no record needs can go once the tokens that it signed have ended.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_keys_needed(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        subject = text(subject, subject_length);
        record = bytes(record, record_length);
        out = Out::text(out, capacity, length);
        => {
            let keys = engine.keys_needed(&Subject::new(subject)?, record)?;
            out.write(ids(keys).as_bytes())
        }
    }
}

/// Writes the ids of the ring's keys, separated by spaces, the first key's first.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_key_ids(
    engine: *const twinlock_engine,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        out = Out::text(out, capacity, length);
        => out.write(ids(engine.key_ring().ids()).as_bytes())
    }
}

pub(crate) fn ids(keys: Vec<KeyId>) -> String {
    keys.into_iter().map(KeyId::to_text).collect::<Vec<_>>().join(" ")
}

/// Seals a small secret of your own, of up to 64 KiB, for a subject, with the first key of the ring and the
/// policy's cipher. Each call gives another envelope, which is at most 52 bytes longer than the secret.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_vault_seal(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    secret: *const u8,
    secret_length: usize,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        subject = text(subject, subject_length);
        secret = bytes(secret, secret_length);
        out = Out::bytes(out, capacity, length);
        => out.write(&vault::seal(engine.key_ring(), &Subject::new(subject)?, secret, &OsRandom)?)
    }
}

/// Opens what `twinlock_vault_seal` made for the same subject. `TWINLOCK_E_KEY_UNKNOWN` where its key is not
/// in the ring, `TWINLOCK_E_ENVELOPE_REJECTED` where it was altered or sealed for someone or something else.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_vault_open(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    envelope: *const u8,
    envelope_length: usize,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        subject = text(subject, subject_length);
        envelope = bytes(envelope, envelope_length);
        out = Out::bytes(out, capacity, length);
        => {
            let subject = Subject::new(subject)?;
            out.write(&vault::open(engine.key_ring(), &subject, envelope)?)
        }
    }
}

/// Seals anew what `twinlock_vault_seal` made, as `twinlock_engine_reseal` does with records.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_vault_reseal(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    envelope: *const u8,
    envelope_length: usize,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        subject = text(subject, subject_length);
        envelope = bytes(envelope, envelope_length);
        out = Out::bytes(out, capacity, length);
        => {
            let subject = Subject::new(subject)?;
            let resealed = vault::reseal(engine.key_ring(), &subject, envelope, &OsRandom)?;
            out.write(&resealed.unwrap_or_default())
        }
    }
}

/// Writes the id of the key that sealed an envelope or a record: 16 hexadecimal digits. It is read and not
/// opened, so nothing says that it is right.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_vault_key_id(
    envelope: *const u8,
    envelope_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        envelope = bytes(envelope, envelope_length);
        out = Out::text(out, capacity, length);
        => out.write(vault::key_id(envelope)?.to_text().as_bytes())
    }
}

/// Writes an envelope as base64url without padding, for a column of text.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_vault_to_text(
    envelope: *const u8,
    envelope_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        envelope = bytes(envelope, envelope_length);
        out = Out::text(out, capacity, length);
        => out.write(vault::to_text(envelope).as_bytes())
    }
}

/// Reads what `twinlock_vault_to_text` wrote, exactly so.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_vault_from_text(
    envelope: *const c_char,
    envelope_length: usize,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        envelope = text(envelope, envelope_length);
        out = Out::bytes(out, capacity, length);
        => out.write(&vault::from_text(envelope)?)
    }
}
