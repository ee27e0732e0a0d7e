//! Sent codes: short codes that the host delivers by mail or SMS.
//!
//! A code belongs to one challenge and dies with it. Kept is `HMAC-SHA256(challenge sub-key, "sent" ‖ jti ‖
//! code)`, under the key that signed the challenge: the code is too short for a hash without a key to
//! protect it. Wrong answers count against the challenge and the account like any others, so another code
//! for the same challenge brings no new tries.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::backup::{crockford, crockford_character};
use crate::engine::policy::SentAlphabet;
use crate::error::{ErrorCode, Fault, Refusal};
use crate::random::{self, Random};
use crate::record::codec::Unknown;
use crate::time::UnixTime;
use crate::vault::{Purpose, RingKey};

/// Living codes of a subject. More are not sent, so that nobody can be flooded with mail through one account.
pub(crate) const MAX_SENT: usize = 3;
const LONGEST: usize = 12;

/// The code of one challenge.
pub(crate) struct SentCode {
    /// The challenge's `jti`.
    pub challenge: [u8; 16],
    pub hash: [u8; 32],
    pub expires_at: UnixTime,
    /// How many codes were sent for the challenge.
    pub sends: u32,
    pub unknown: Unknown,
}

/// A code to be delivered.
pub(crate) type Plain = Zeroizing<String>;

/// Makes a code and puts it in place of the one that its challenge had.
///
/// Refuses `too_many_codes` when the challenge has had `allowed` of them, or as many other challenges have one.
pub(crate) fn send(
    list: &mut Vec<SentCode>,
    challenge: ([u8; 16], UnixTime),
    code: &str,
    key: &RingKey,
    allowed: u32,
    now: UnixTime,
) -> Result<Result<(), Refusal>, Fault> {
    let (id, expires_at) = challenge;
    list.retain(|sent| now < sent.expires_at);
    let before = list.iter().position(|sent| sent.challenge == id).map(|index| list.remove(index));
    let sends = before.as_ref().map_or(0, |sent| sent.sends).saturating_add(1);
    let wait = if sends > allowed { Some(expires_at) } else { None };
    let wait = wait.or_else(|| (list.len() >= MAX_SENT).then(|| first_end(list)).flatten());
    if let Some(end) = wait {
        list.extend(before);
        return Ok(Err(Refusal::after(ErrorCode::TooManyCodes, end.since(now))));
    }
    let unknown = before.map(|sent| sent.unknown).unwrap_or_default();
    list.push(SentCode { challenge: id, hash: hash(key, &id, code)?, expires_at, sends, unknown });
    Ok(Ok(()))
}

/// Whether a text is the code of a challenge; if it is, the code is used up.
pub(crate) fn accept(
    list: &mut Vec<SentCode>,
    challenge: &[u8; 16],
    text: &str,
    key: &RingKey,
    now: UnixTime,
) -> Result<bool, Fault> {
    let Some(code) = crockford(text, LONGEST) else { return Ok(false) };
    let Some(index) = list.iter().position(|sent| sent.challenge == *challenge) else { return Ok(false) };
    let given = hash(key, challenge, &code)?;
    let right = list.get(index).is_some_and(|sent| now < sent.expires_at && sent.hash.ct_eq(&given).into());
    if right {
        list.remove(index);
    }
    Ok(right)
}

/// A code of that many characters, none favoured.
pub(crate) fn generate(alphabet: SentAlphabet, length: u32, random: &dyn Random) -> Result<Plain, Fault> {
    let length = usize::try_from(length).unwrap_or(LONGEST).min(LONGEST);
    let mut code = Zeroizing::new(String::with_capacity(LONGEST));
    while code.len() < length {
        let bytes = Zeroizing::new(random::bytes::<32>(random)?);
        let characters = bytes.iter().filter_map(|&byte| match alphabet {
            // 250 is the largest multiple of ten in a byte: what lies beyond would favour 0 to 5.
            SentAlphabet::Digits if byte >= 250 => None,
            SentAlphabet::Digits => char::from_digit(u32::from(byte) % 10, 10),
            SentAlphabet::Letters => crockford_character(byte),
        });
        let missing = length.saturating_sub(code.len());
        code.extend(characters.take(missing));
    }
    Ok(code)
}

fn first_end(list: &[SentCode]) -> Option<UnixTime> {
    list.iter().map(|sent| sent.expires_at).min()
}

fn hash(key: &RingKey, challenge: &[u8; 16], code: &str) -> Result<[u8; 32], Fault> {
    let sub_key = key.sub_key(Purpose::Challenge);
    let mut mac = Hmac::<Sha256>::new_from_slice(sub_key).map_err(|_| Fault::new(ErrorCode::KeyMalformed))?;
    mac.update(b"sent");
    mac.update(challenge);
    mac.update(code.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
#[path = "sent_tests.rs"]
mod tests;
