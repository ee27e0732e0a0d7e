//! Reading an `otpauth://` URI, strictly where it decides something and mildly where it does not.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::check_name;
use crate::error::{ErrorCode, Fault};
use crate::otp::hotp::HotpParams;
use crate::otp::totp::{Period, TotpParams};
use crate::otp::{Algorithm, Digits};
use crate::secret::{MinimumLength, Secret};

/// The longest URI that is read or built, in bytes.
pub const MAX_BYTES: usize = 4096;

/// What a URI says.
pub struct ParsedUri {
    /// The service: the `issuer` parameter, or else what stands before the colon in the label.
    pub issuer: Option<String>,
    /// The account's name.
    pub account: String,
    /// The shared secret.
    pub secret: Secret,
    /// What moves the code on, and the parameters.
    pub kind: Kind,
}

/// What moves the code on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Time.
    Totp(TotpParams),
    /// A counter.
    Hotp {
        /// The parameters.
        params: HotpParams,
        /// The counter that comes next.
        counter: u64,
    },
    /// Time, in the form of Steam Guard ([`steam`](crate::otp::steam)).
    Steam,
}

/// Reads a URI, for importing a device from elsewhere.
///
/// Scheme and type may be in either case; parameters that the format does not know are ignored, as
/// it demands; spaces before a name are dropped. Steam Guard's are known by their type, as in Aegis
/// (`otpauth://steam/…`), or by `encoder=steam`, as in KeePassXC; what they say about algorithm, digits
/// and period must be what Steam has. No error holds any part of the URI.
///
/// # Errors
/// `input_too_large` above 4096 bytes; `uri_malformed`, with the part it is about, for another
/// scheme, an unknown type, bad percent-encoding or UTF-8, a fragment, a parameter twice, a missing
/// secret and a missing or bad counter; `name_invalid`, `algorithm_unknown`, `digits_invalid`,
/// `period_invalid`, `secret_malformed` and `secret_length` for values.
pub fn parse(uri: &str, minimum: MinimumLength) -> Result<ParsedUri, Fault> {
    if uri.len() > MAX_BYTES {
        return Err(Fault::new(ErrorCode::InputTooLarge));
    }
    if uri.contains('#') {
        return Err(malformed("fragment"));
    }
    let (path, query) = uri.split_once('?').ok_or(malformed("query"))?;
    let path = strip_prefix_ignoring_case(path, "otpauth://").ok_or(malformed("scheme"))?;
    let (kind, label) = path.split_once('/').ok_or(malformed("label"))?;
    let query = Query::read(query)?;
    let kind = read_kind(kind, &query)?;
    let parameter = query.get("issuer")?;
    let (issuer, account) = names(&decode(label, "label")?, parameter.as_deref().map(String::as_str))?;
    let secret = Secret::from_base32(&query.get("secret")?.ok_or(malformed("secret"))?, minimum)?;
    Ok(ParsedUri { issuer, account, secret, kind })
}

/// The parameters by name, values as they stand in the URI.
pub(in crate::otp) struct Query<'a>(BTreeMap<String, &'a str>);

impl<'a> Query<'a> {
    pub(in crate::otp) fn read(text: &'a str) -> Result<Self, Fault> {
        let mut values = BTreeMap::new();
        for parameter in text.split('&') {
            let (name, value) = parameter.split_once('=').ok_or(malformed("query"))?;
            if values.insert(decode(name, "query")?.to_string(), value).is_some() {
                return Err(malformed("query"));
            }
        }
        Ok(Self(values))
    }

    /// A parameter's value, decoded.
    pub(in crate::otp) fn get(&self, name: &'static str) -> Result<Option<Zeroizing<String>>, Fault> {
        self.0.get(name).map(|value| decode(value, name)).transpose()
    }

    /// A parameter that is a whole number in ASCII digits; `fault` if it is anything else.
    fn number<N: std::str::FromStr>(&self, name: &'static str, fault: Fault) -> Result<Option<N>, Fault> {
        let Some(text) = self.get(name)? else { return Ok(None) };
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(fault);
        }
        text.parse().map(Some).map_err(|_| fault)
    }
}

fn read_kind(name: &str, query: &Query<'_>) -> Result<Kind, Fault> {
    let algorithm = match query.get("algorithm")? {
        Some(name) => Algorithm::from_name(&name)?,
        None => Algorithm::default(),
    };
    let is_totp = name.eq_ignore_ascii_case("totp");
    if name.eq_ignore_ascii_case("steam") || (is_totp && has_steam_encoder(query)?) {
        read_steam(algorithm, query)
    } else if is_totp {
        Ok(Kind::Totp(TotpParams { algorithm, digits: read_digits(query)?, period: read_period(query)? }))
    } else if name.eq_ignore_ascii_case("hotp") {
        let digits = read_digits(query)?;
        let counter = query.number("counter", malformed("counter"))?.ok_or(malformed("counter"))?;
        Ok(Kind::Hotp { params: HotpParams { algorithm, digits }, counter })
    } else {
        Err(malformed("type"))
    }
}

fn read_digits(query: &Query<'_>) -> Result<Digits, Fault> {
    let number = query.number("digits", Fault::new(ErrorCode::DigitsInvalid))?;
    number.map_or(Ok(Digits::default()), Digits::new)
}

fn read_period(query: &Query<'_>) -> Result<Period, Fault> {
    let number = query.number("period", Fault::new(ErrorCode::PeriodInvalid))?;
    number.map_or(Ok(Period::default()), Period::new)
}

fn has_steam_encoder(query: &Query<'_>) -> Result<bool, Fault> {
    Ok(query.get("encoder")?.is_some_and(|name| name.eq_ignore_ascii_case("steam")))
}

/// With other parameters the device's codes would not be Steam's, whatever the URI calls it.
fn read_steam(algorithm: Algorithm, query: &Query<'_>) -> Result<Kind, Fault> {
    let wrong_digits = Fault::new(ErrorCode::DigitsInvalid);
    if algorithm != Algorithm::Sha1 {
        return Err(Fault::new(ErrorCode::AlgorithmUnknown));
    }
    if query.number("digits", wrong_digits)?.is_some_and(|digits: u32| digits != 5) {
        return Err(wrong_digits);
    }
    if read_period(query)? != Period::default() {
        return Err(Fault::new(ErrorCode::PeriodInvalid));
    }
    Ok(Kind::Steam)
}

/// Issuer and account from a label and an issuer that stands beside it. That one wins over the label's
/// prefix: where they differ, the prefix is what older software wrote there.
pub(in crate::otp) fn names(label: &str, issuer: Option<&str>) -> Result<(Option<String>, String), Fault> {
    let (prefix, account) = match label.split_once(':') {
        Some((prefix, account)) => (Some(prefix), account),
        None => (None, label),
    };
    let issuer = [issuer, prefix]
        .into_iter()
        .flatten()
        .map(|name| name.trim_start_matches(' '))
        .find(|name| !name.is_empty())
        .map(|issuer| name(issuer, "issuer"))
        .transpose()?;
    Ok((issuer, name(account.trim_start_matches(' '), "account")?))
}

fn name(text: &str, about: &'static str) -> Result<String, Fault> {
    check_name(text).map_err(|fault| Fault::about(fault.code, about))?;
    Ok(text.to_owned())
}

/// Percent-decodes, and wants every `%` followed by two hexadecimal digits and the whole to be UTF-8.
fn decode(text: &str, about: &'static str) -> Result<Zeroizing<String>, Fault> {
    let is_pair = |rest: &str| {
        rest.as_bytes().first_chunk::<2>().is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.split('%').skip(1).all(is_pair) {
        return Err(malformed(about));
    }
    // With the room for all of it from the start, nothing of the secret stays in an outgrown buffer.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(percent_decode_str(text));
    let text = std::str::from_utf8(&bytes).map_err(|_| malformed(about))?;
    Ok(Zeroizing::new(text.to_owned()))
}

pub(in crate::otp) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn malformed(part: &'static str) -> Fault {
    Fault::about(ErrorCode::UriMalformed, part)
}
