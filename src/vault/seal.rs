//! Sealing, opening, and sealing anew.

use std::io::Write as _;

use zeroize::Zeroizing;

use super::aead::{MAX_NONCE, TAG};
use super::envelope::{Envelope, HEADER, MAX_PLAINTEXT, header};
use super::keyring::{KeyRing, Purpose};
use crate::error::{ErrorCode, Fault};
use crate::random::Random;
use crate::subject::Subject;

/// Seals a host's own small secret (up to 64 KiB) for a subject, with the ring's first key and cipher.
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
/// `envelope_malformed` when it is none; `cipher_refused` when the ring's cipher does not allow its own;
/// `key_unknown` when its key is not in the ring; `envelope_rejected` when it was altered or sealed for
/// another subject or purpose; `input_too_large`.
pub fn open(ring: &KeyRing, subject: &Subject, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
    open_for(ring, Purpose::Secret, subject, envelope)
}

/// Seals anew what [`seal`] made, with the first key and the ring's cipher; `None`, without opening it, when
/// that is what it has. Run it over all rows after a rotation, as often as needed, each with a conditional
/// write on the envelope that was read.
///
/// # Errors
/// As [`open`]; `random_unavailable`.
pub fn reseal(
    ring: &KeyRing,
    subject: &Subject,
    envelope: &[u8],
    random: &dyn Random,
) -> Result<Option<Vec<u8>>, Fault> {
    if !needs_reseal(ring, envelope)? {
        return Ok(None);
    }
    let plaintext = open(ring, subject, envelope)?;
    seal(ring, subject, &plaintext, random).map(Some)
}

/// Whether an envelope has another key or another cipher than new ones get.
pub(crate) fn needs_reseal(ring: &KeyRing, envelope: &[u8]) -> Result<bool, Fault> {
    let envelope = Envelope::parse(envelope)?;
    Ok(envelope.key_id != ring.first().id() || envelope.algorithm != ring.cipher().seals())
}

pub(crate) fn seal_for(
    ring: &KeyRing,
    purpose: Purpose,
    subject: &Subject,
    plaintext: &[u8],
    random: &dyn Random,
) -> Result<Vec<u8>, Fault> {
    let too_large = Fault::new(ErrorCode::InputTooLarge);
    if plaintext.len() > MAX_PLAINTEXT {
        return Err(too_large);
    }
    let (key, algorithm) = (ring.first(), ring.cipher().seals());
    let header = header(algorithm, key.id());
    let mut nonce = [0; MAX_NONCE];
    let nonce = nonce.get_mut(..algorithm.nonce_bytes()).unwrap_or_default();
    random.fill(nonce)?;
    let mut body = Vec::with_capacity(plaintext.len().saturating_add(HEADER + MAX_NONCE + TAG));
    body.extend_from_slice(&header);
    body.extend_from_slice(nonce);
    let text_at = body.len();
    body.extend_from_slice(plaintext);
    let data = AssociatedData::new(&header, purpose, subject)?;
    let text = body.get_mut(text_at..).unwrap_or_default();
    let tag = key.sealing_key(purpose, algorithm)?.seal(nonce, data.as_bytes(), text)?;
    body.extend_from_slice(&tag);
    Ok(body)
}

pub(crate) fn open_for(
    ring: &KeyRing,
    purpose: Purpose,
    subject: &Subject,
    envelope: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let Envelope { header, algorithm, key_id, nonce, sealed } = Envelope::parse(envelope)?;
    if !ring.cipher().opens(algorithm) {
        return Err(Fault::new(ErrorCode::CipherRefused));
    }
    let key = ring.find(key_id).ok_or(Fault::new(ErrorCode::KeyUnknown))?;
    let data = AssociatedData::new(header, purpose, subject)?;
    let mut plaintext = Zeroizing::new(sealed.to_vec());
    key.sealing_key(purpose, algorithm)?.open(nonce, data.as_bytes(), &mut plaintext)?;
    Ok(plaintext)
}

/// Header, purpose, length of the subject and subject, put together without an allocation.
struct AssociatedData {
    bytes: [u8; Self::MAX],
    length: usize,
}

impl AssociatedData {
    /// No purpose has a longer name than `challenge`.
    const MAX: usize = HEADER + 9 + 1 + Subject::MAX_BYTES;

    fn new(header: &[u8; HEADER], purpose: Purpose, subject: &Subject) -> Result<Self, Fault> {
        let invalid = Fault::new(ErrorCode::SubjectInvalid);
        let subject = subject.as_str().as_bytes();
        let subject_length = [u8::try_from(subject.len()).map_err(|_| invalid)?];
        let mut bytes = [0; Self::MAX];
        let mut room = bytes.as_mut_slice();
        for part in [header, purpose.name().as_bytes(), &subject_length, subject] {
            room.write_all(part).map_err(|_| invalid)?;
        }
        let length = Self::MAX.saturating_sub(room.len());
        Ok(Self { bytes, length })
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
