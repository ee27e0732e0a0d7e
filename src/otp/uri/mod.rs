//! The `otpauth://` URI that authenticator apps scan (Key URI Format).
//!
//! `otpauth://totp/Issuer:account?secret=…&issuer=Issuer&algorithm=…&digits=…&period=…`, and for a
//! counter device `hotp` with `counter` in place of `period`, for Steam Guard `steam`. The URI holds the secret: show it once,
//! log it never.

mod parse;

pub use parse::{Kind, MAX_BYTES, ParsedUri, parse};
pub(super) use parse::{Query, names, strip_prefix_ignoring_case};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::hotp::HotpParams;
use super::totp::{Period, TotpParams};
use super::{Algorithm, Digits};
use crate::error::{ErrorCode, Fault};
use crate::secret::Secret;

/// All but the unreserved characters of RFC 3986 §2.3: what is left means the same everywhere.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest issuer, account or device name, in characters.
const MAX_NAME: usize = 128;

/// Builds `otpauth://totp/Issuer:account?secret=…&issuer=Issuer`. `algorithm`, `digits` and `period`
/// are written only where they differ from SHA1, 6 and 30. RFC 3986 percent-encoding, space is `%20`.
///
/// # Errors
/// `name_invalid` when issuer or account is empty, longer than 128 characters, begins with a space,
/// or holds a colon or a control character; `input_too_large` when the URI would be longer than the
/// 4096 bytes that [`parse`] reads, which only names of mostly non-ASCII characters can make it.
pub fn build(
    issuer: &str,
    account: &str,
    secret: &Secret,
    params: &TotpParams,
) -> Result<Zeroizing<String>, Fault> {
    let mut options = shared_options(params.algorithm, params.digits);
    if params.period != Period::default() {
        options.push_str(&format!("&period={}", params.period.seconds()));
    }
    assemble("totp", issuer, account, secret, &options)
}

/// Builds the URI of a counter device, which always carries the counter that comes next.
///
/// # Errors
/// As [`build`].
pub fn build_hotp(
    issuer: &str,
    account: &str,
    secret: &Secret,
    params: &HotpParams,
    counter: u64,
) -> Result<Zeroizing<String>, Fault> {
    let mut options = shared_options(params.algorithm, params.digits);
    options.push_str(&format!("&counter={counter}"));
    assemble("hotp", issuer, account, secret, &options)
}

/// Builds the URI of a Steam Guard device. Its type is `steam`, so that an app that does not know them
/// refuses it instead of showing digits; `encoder=steam` is for those that go by that alone.
///
/// # Errors
/// As [`build`].
pub fn build_steam(issuer: &str, account: &str, secret: &Secret) -> Result<Zeroizing<String>, Fault> {
    assemble("steam", issuer, account, secret, "&encoder=steam")
}

/// The rule for issuer, account and device names.
///
/// A colon separates issuer and account in a label, and spaces after it do not count (Key URI
/// Format), so neither a colon nor a space at the start would come back as it was.
pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    let length = name.chars().take(MAX_NAME.saturating_add(1)).count();
    let fits = (1..=MAX_NAME).contains(&length);
    if !fits || name.starts_with(' ') || name.chars().any(|c| c.is_control() || c == ':') {
        return Err(Fault::new(ErrorCode::NameInvalid));
    }
    Ok(())
}

fn shared_options(algorithm: Algorithm, digits: Digits) -> String {
    let mut options = String::new();
    if algorithm != Algorithm::default() {
        options.push_str("&algorithm=");
        options.push_str(algorithm.name());
    }
    if digits != Digits::default() {
        options.push_str(&format!("&digits={}", digits.get()));
    }
    options
}

fn assemble(
    kind: &str,
    issuer: &str,
    account: &str,
    secret: &Secret,
    options: &str,
) -> Result<Zeroizing<String>, Fault> {
    check_name(issuer).map_err(|fault| Fault::about(fault.code, "issuer"))?;
    check_name(account).map_err(|fault| Fault::about(fault.code, "account"))?;
    let issuer = utf8_percent_encode(issuer, ENCODED).to_string();
    let account = utf8_percent_encode(account, ENCODED).to_string();
    // `concat` allocates once, so no piece of the secret stays behind in a buffer that was outgrown.
    let uri = Zeroizing::new(
        [
            "otpauth://",
            kind,
            "/",
            &issuer,
            ":",
            &account,
            "?secret=",
            &secret.to_base32(),
            "&issuer=",
            &issuer,
            options,
        ]
        .concat(),
    );
    if uri.len() > MAX_BYTES {
        return Err(Fault::new(ErrorCode::InputTooLarge));
    }
    Ok(uri)
}
