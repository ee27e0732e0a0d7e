//! Google Authenticator's export: `otpauth-migration://offline?data=…`, one QR code for up to ten accounts.
//!
//! The data is base64 of a Protocol Buffers message that Google never published; the fields are those
//! that every reader of it agrees on:
//!
//! ```text
//! export   1: account, repeated    3: batch size    4: batch index    5: batch id
//! account  1: secret, raw          2: name          3: issuer         4: algorithm 1 = SHA1 | 2 = SHA256 | 3 = SHA512
//!          5: digits 1 = 6 | 2 = 8                  6: type 1 = HOTP | 2 = TOTP       7: counter of HOTP
//! ```
//!
//! Where algorithm, digits or type is missing or 0, it is SHA1, 6 and TOTP. The period is always 30
//! seconds. The URI holds secrets: log it never.

mod protobuf;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::hotp::HotpParams;
use super::totp::{Period, TotpParams};
use super::uri::{Kind, ParsedUri, Query, names, strip_prefix_ignoring_case};
use super::{Algorithm, Digits};
use crate::error::{ErrorCode, Fault};
use crate::secret::{MinimumLength, Secret};
use protobuf::{Message, text};

/// The longest URI that is read, in bytes. The app's own have less than 4096, as QR codes end there.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most accounts that are read from one URI.
pub const MAX_ACCOUNTS: usize = 100;

/// Padding may be missing; all else is strict.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What one QR code of an export says.
pub struct Export {
    /// The accounts, as a URI of each would say them; at least one.
    pub accounts: Vec<ParsedUri>,
    /// Equal in all QR codes of one export.
    pub batch_id: i32,
    /// Which QR code of the export this is, from 0.
    pub batch_index: u32,
    /// How many QR codes the export has.
    pub batch_size: u32,
}

/// Reads one QR code of an export. Names are read as [`uri::parse`](super::uri::parse) reads a label
/// and an `issuer`. One account that is not good spoils the whole, so nothing is left out in silence.
///
/// # Errors
/// `input_too_large` above 64 KiB; `migration_malformed`, with the part it is about, for another scheme,
/// bad base64 or Protocol Buffers, no account or more than 100, and an unknown or unsupported algorithm
/// (MD5), number of digits or type; `name_invalid` and `secret_length` for values. No error holds any
/// part of the input.
pub fn parse(uri: &str, minimum: MinimumLength) -> Result<Export, Fault> {
    if uri.len() > MAX_BYTES {
        return Err(Fault::new(ErrorCode::InputTooLarge));
    }
    let query = strip_prefix_ignoring_case(uri, "otpauth-migration://offline").ok_or(malformed("scheme"))?;
    let query = query.strip_prefix('?').or_else(|| query.strip_prefix("/?")).ok_or(malformed("query"))?;
    let data = Query::read(query).and_then(|query| query.get("data")).map_err(|_| malformed("query"))?;
    let bytes = from_base64(&data.ok_or(malformed("data"))?)?;
    read_export(&bytes, minimum)
}

fn from_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, Fault> {
    // Three quarters of the text's length would do. Room for all, so that nothing is left in a buffer
    // that was outgrown.
    let mut bytes = Zeroizing::new(vec![0; text.len()]);
    let length = BASE64.decode_slice(text, &mut bytes).map_err(|_| malformed("data"))?;
    bytes.truncate(length);
    Ok(bytes)
}

fn read_export(bytes: &[u8], minimum: MinimumLength) -> Result<Export, Fault> {
    let message = Message::read(bytes).ok_or(malformed("data"))?;
    let accounts = message.all_bytes(1).ok_or(malformed("data"))?;
    if accounts.is_empty() || accounts.len() > MAX_ACCOUNTS {
        return Err(malformed("accounts"));
    }
    let batch_size = small(message.number(3), "batch_size")?.max(1);
    let batch_index = small(message.number(4), "batch_index")?;
    if batch_index >= batch_size {
        return Err(malformed("batch_index"));
    }
    let batch_id = message.number(5).ok_or(malformed("batch_id"))?;
    let batch_id = i32::try_from(batch_id.cast_signed()).map_err(|_| malformed("batch_id"))?;
    let accounts = accounts.into_iter().map(|account| read_account(account, minimum));
    Ok(Export { accounts: accounts.collect::<Result<_, _>>()?, batch_id, batch_index, batch_size })
}

fn read_account(bytes: &[u8], minimum: MinimumLength) -> Result<ParsedUri, Fault> {
    let message = Message::read(bytes).ok_or(malformed("data"))?;
    let secret = message.bytes(1).ok_or(malformed("secret"))?;
    let label = message.bytes(2).and_then(text).ok_or(malformed("name"))?;
    let issuer = message.bytes(3).and_then(text).ok_or(malformed("issuer"))?;
    let kind = read_kind(&message)?;
    let (issuer, account) = names(label, Some(issuer))?;
    let secret = Secret::from_bytes(secret.to_vec(), minimum)?;
    Ok(ParsedUri { issuer, account, secret, kind })
}

fn read_kind(message: &Message<'_>) -> Result<Kind, Fault> {
    let algorithm = match message.number(4) {
        Some(0 | 1) => Algorithm::Sha1,
        Some(2) => Algorithm::Sha256,
        Some(3) => Algorithm::Sha512,
        _ => return Err(malformed("algorithm")),
    };
    let digits = match message.number(5) {
        Some(0 | 1) => Digits::Six,
        Some(2) => Digits::Eight,
        _ => return Err(malformed("digits")),
    };
    match message.number(6) {
        Some(0 | 2) => Ok(Kind::Totp(TotpParams { algorithm, digits, period: Period::default() })),
        Some(1) => {
            let counter = message.number(7).filter(|counter| !counter.cast_signed().is_negative());
            let counter = counter.ok_or(malformed("counter"))?;
            Ok(Kind::Hotp { params: HotpParams { algorithm, digits }, counter })
        }
        _ => Err(malformed("type")),
    }
}

fn small(number: Option<u64>, about: &'static str) -> Result<u32, Fault> {
    number.and_then(|number| u32::try_from(number).ok()).ok_or(malformed(about))
}

fn malformed(part: &'static str) -> Fault {
    Fault::about(ErrorCode::MigrationMalformed, part)
}
