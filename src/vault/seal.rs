//! The envelope: XChaCha20-Poly1305 with a fresh random nonce, bound to key, purpose and subject.

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::keyring::{KeyId, KeyRing, Purpose};
use crate::error::{ErrorCode, Fault};
use crate::random::{self, Random};
use crate::subject::Subject;

const MAGIC: [u8; 2] = [0x54, 0x4C];
const VERSION: u8 = 1;
const XCHACHA20_POLY1305: u8 = 1;
const HEADER: usize = 12;
const NONCE: usize = 24;
const TAG: usize = 16;
/// The largest plaintext: records stay under 4 KB, a host's own secrets are small.
const MAX_PLAINTEXT: usize = 64 * 1024;

/// Seals a host's own small secret (up to 64 KiB) for a subject.
///
/// # Errors
/// `input_too_large`; `random_unavailable`.
pub fn seal(
    ring: &KeyRing,
    subject: &Subject,
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Fault> {
    seal_for(ring, Purpose::Secret, subject, plaintext, random)
}

/// Opens what [`seal`] made for the same subject with a key of the ring. Wiped on drop.
///
/// # Errors
/// `envelope_malformed` when it is none; `key_unknown` when its key is not in the ring;
/// `envelope_rejected` when it was altered or sealed for another subject or purpose.
pub fn open(ring: &KeyRing, subject: &Subject, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    open_for(ring, Purpose::Secret, subject, envelope)
}

pub(crate) fn seal_for(
    ring: &KeyRing,
    purpose: Purpose,
    subject: &Subject,
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Fault> {
    if plaintext.len() > MAX_PLAINTEXT {
        return Err(Fault::new(ErrorCode::InputTooLarge));
    }
    let key = ring.first();
    let nonce: [u8; NONCE] = random::bytes(random)?;
    let mut body = Vec::with_capacity(plaintext.len().saturating_add(HEADER + NONCE + TAG));
    body.extend_from_slice(&MAGIC);
    body.extend_from_slice(&[VERSION, XCHACHA20_POLY1305]);
    body.extend_from_slice(&key.id().0);
    let data = associated_data(&body, purpose, subject)?;
    body.extend_from_slice(&nonce);
    body.extend_from_slice(plaintext);
    let secret_part = body.get_mut(HEADER + NONCE..).unwrap_or_default();
    let tag = cipher(key.sub_key(purpose))
        .encrypt_inout_detached(&XNonce::from(nonce), &data, secret_part.into())
        .map_err(|_| Fault::new(ErrorCode::InputTooLarge))?;
    body.extend_from_slice(&tag);
    Ok(body)
}

pub(crate) fn open_for(
    ring: &KeyRing,
    purpose: Purpose,
    subject: &Subject,
    envelope: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let malformed = Fault::new(ErrorCode::EnvelopeMalformed);
    if envelope.len() > MAX_PLAINTEXT + HEADER + NONCE + TAG {
        return Err(Fault::new(ErrorCode::InputTooLarge));
    }
    let (header, rest) = envelope.split_first_chunk::<HEADER>().ok_or(malformed)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(malformed)?;
    let (ciphertext, tag) = rest.split_last_chunk::<TAG>().ok_or(malformed)?;
    let key = ring.find(key_id(header)?).ok_or(Fault::new(ErrorCode::KeyUnknown))?;
    let data = associated_data(header, purpose, subject)?;
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    cipher(key.sub_key(purpose))
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            &data,
            plaintext.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| Fault::new(ErrorCode::EnvelopeRejected))?;
    Ok(plaintext)
}

/// The id of the key that sealed an envelope, once its header is one of ours.
fn key_id(header: &[u8; HEADER]) -> Result<KeyId, Fault> {
    let [m0, m1, version, algorithm, id @ ..] = *header;
    if [m0, m1] != MAGIC || version != VERSION || algorithm != XCHACHA20_POLY1305 {
        return Err(Fault::new(ErrorCode::EnvelopeMalformed));
    }
    Ok(KeyId(id))
}

fn associated_data(header: &[u8], purpose: Purpose, subject: &Subject) -> Result<Vec<u8>, Fault> {
    let length = u8::try_from(subject.as_str().len()).map_err(|_| Fault::new(ErrorCode::SubjectInvalid))?;
    Ok([header, purpose.name().as_bytes(), &[length], subject.as_str().as_bytes()].concat())
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}
