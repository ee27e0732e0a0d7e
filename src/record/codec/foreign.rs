//! The map of imported backup codes.
//!
//! ```text
//! foreign codes  0: scheme            1: [hash (32)]    2: used, bit n = code n    3: created at
//! scheme 1, PBKDF2 of our own   4: key id (8)    5: salt (16)    6: folding (1 = exact, 2 = loose)
//!                               9: pepper (32), in place of 4
//! scheme 2, HMAC-SHA256         7: [key]
//! scheme 3, SHA-256
//! scheme 4, PBKDF2 of Django    8: [[rounds, salt]], one for each hash
//! ```
//!
//! A map of another scheme is kept byte for byte: an older program beside a newer one cannot verify its
//! codes and loses none.

use zeroize::Zeroizing;

use super::fields::{Entries, Fields, WriteError, items, length, number};
use super::parts::{at_most, byte_array, read_pepper, write_pepper};
use super::{MALFORMED, Writer, item};
use crate::error::Fault;
use crate::record::foreign::{Folding, ForeignSet, HmacKey, MAX_CODES, MAX_KEYS, Salt, Scheme};
use crate::time::UnixTime;

const PLAIN: u64 = 1;
const HMAC_SHA256: u64 = 2;
const SHA256: u64 = 3;
const PBKDF2_SHA256: u64 = 4;

const EXACT: u64 = 1;
const LOOSE: u64 = 2;

pub(crate) fn read_foreign(bytes: &[u8]) -> Result<ForeignSet, Fault> {
    let mut fields = Fields::read(bytes)?;
    let Some(scheme) = read_scheme(&mut fields)? else { return Ok(later(bytes)) };
    let hashes = fields.items(1)?.into_iter().map(byte_array).collect::<Result<Vec<_>, Fault>>()?;
    if matches!(&scheme, Scheme::Pbkdf2Sha256 { salts } if salts.len() != hashes.len()) {
        return Err(MALFORMED);
    }
    Ok(ForeignSet {
        scheme,
        hashes: at_most(MAX_CODES, hashes)?,
        used: fields.small(2)?,
        created_at: fields.time(3)?,
        unknown: fields.rest(),
    })
}

pub(crate) fn write_foreign(set: &ForeignSet, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let (scheme, extra) = match &set.scheme {
        Scheme::Plain { .. } => (PLAIN, 3),
        Scheme::HmacSha256 { .. } => (HMAC_SHA256, 1),
        Scheme::Sha256 => (SHA256, 0),
        Scheme::Pbkdf2Sha256 { .. } => (PBKDF2_SHA256, 1),
        Scheme::Later(bytes) => {
            w.writer_mut().extend_from_slice(bytes);
            return Ok(());
        }
    };
    let mut entries = Entries::begin(w, 4_usize.saturating_add(extra), [], &set.unknown)?;
    entries.key(0)?.u64(scheme)?;
    let w = entries.key(1)?;
    w.array(length(set.hashes.len()))?;
    for hash in &set.hashes {
        w.bytes(hash)?;
    }
    entries.key(2)?.u32(set.used)?;
    entries.key(3)?.u64(set.created_at.seconds())?;
    write_scheme(&set.scheme, &mut entries)?;
    entries.end()
}

/// `None` for a scheme that is not known here.
fn read_scheme(fields: &mut Fields<'_>) -> Result<Option<Scheme>, Fault> {
    Ok(Some(match fields.number(0)? {
        PLAIN => Scheme::Plain {
            pepper: read_pepper(fields, [4, 9])?,
            salt: fields.bytes(5)?,
            folding: match fields.number(6)? {
                EXACT => Folding::Exact,
                LOOSE => Folding::Loose,
                _ => return Ok(None),
            },
        },
        HMAC_SHA256 => {
            let keys = fields.items(7)?.into_iter().map(read_key).collect::<Result<Vec<_>, Fault>>()?;
            Scheme::HmacSha256 { keys: at_most(MAX_KEYS, keys)? }
        }
        SHA256 => Scheme::Sha256,
        PBKDF2_SHA256 => {
            let salts = fields.items(8)?.into_iter().map(read_salt).collect::<Result<Vec<_>, Fault>>()?;
            Scheme::Pbkdf2Sha256 { salts }
        }
        _ => return Ok(None),
    }))
}

fn write_scheme(scheme: &Scheme, entries: &mut Entries<'_, '_, '_>) -> Result<(), WriteError> {
    match scheme {
        Scheme::Plain { pepper, salt, folding } => {
            write_pepper(pepper, [4, 9], entries)?;
            entries.key(5)?.bytes(salt)?;
            entries.key(6)?.u64(match folding {
                Folding::Exact => EXACT,
                Folding::Loose => LOOSE,
            })?;
        }
        Scheme::HmacSha256 { keys } => {
            let w = entries.key(7)?;
            w.array(length(keys.len()))?;
            for key in keys {
                w.bytes(key.expose())?;
            }
        }
        Scheme::Pbkdf2Sha256 { salts } => {
            let w = entries.key(8)?;
            w.array(length(salts.len()))?;
            for salt in salts {
                w.array(2)?.u32(salt.rounds)?.bytes(&salt.bytes)?;
            }
        }
        Scheme::Sha256 | Scheme::Later(_) => {}
    }
    Ok(())
}

fn read_key(bytes: &[u8]) -> Result<HmacKey, Fault> {
    let key = item(bytes).bytes().map_err(|_| MALFORMED)?;
    HmacKey::from_bytes(key.to_vec()).map_err(|_| MALFORMED)
}

fn read_salt(bytes: &[u8]) -> Result<Salt, Fault> {
    let [rounds, salt] = *items(bytes)? else { return Err(MALFORMED) };
    Ok(Salt {
        rounds: u32::try_from(number(rounds)?).map_err(|_| MALFORMED)?,
        bytes: item(salt).bytes().map_err(|_| MALFORMED)?.to_vec(),
    })
}

fn later(bytes: &[u8]) -> ForeignSet {
    ForeignSet {
        scheme: Scheme::Later(Zeroizing::new(bytes.to_vec())),
        hashes: Vec::new(),
        used: 0,
        created_at: UnixTime::default(),
        unknown: super::Unknown::default(),
    }
}
