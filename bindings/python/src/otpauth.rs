//! `otpauth://` URIs, and the export of Google Authenticator.

use pyo3::prelude::*;
use twinlock_core::otp::hotp::HotpParams;
use twinlock_core::otp::totp::{Period, TotpParams};
use twinlock_core::otp::uri::{Kind, ParsedUri};
use twinlock_core::otp::{Algorithm, migration, steam, uri};

use crate::convert::{Arg, Opt, minimum, opt_text, params, text};
use crate::errors::{Problem, guard, not_picklable};
use crate::otp::counter;
use crate::secrets::{Secret, reveal, with_secret};

/// Build an ``otpauth://`` URI. ``kind`` is ``"totp"``, ``"hotp"`` or ``"steam"``; where it is left out, a
/// ``counter`` makes it a counter device.
#[pyfunction]
#[pyo3(
    signature = (
        issuer, account, secret, *, kind=None, algorithm=None, digits=None, period=None, counter=None
    ),
    text_signature = "(issuer, account, secret, *, kind=None, algorithm='SHA1', digits=6, period=30, \
                      counter=None)"
)]
#[allow(clippy::too_many_arguments)]
pub fn otpauth_build(
    issuer: Arg<'_, '_>,
    account: Arg<'_, '_>,
    secret: Arg<'_, '_>,
    kind: Opt<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
    counter: Opt<'_, '_>,
) -> PyResult<String> {
    guard(|| {
        let (issuer, account) = (text(issuer, "issuer")?, text(account, "account")?);
        let params = params(algorithm, digits, period, TotpParams::default())?;
        let counter = counter.map(self::counter).transpose()?;
        let kind = match (opt_text(kind, "kind")?.as_deref(), counter) {
            (None | Some("totp"), None) => Kind::Totp(params),
            (None | Some("hotp"), counter) => {
                let params = HotpParams { algorithm: params.algorithm, digits: params.digits };
                Kind::Hotp { params, counter: counter.unwrap_or_default() }
            }
            (Some("steam"), None) if algorithm.or(digits).or(period).is_none() => Kind::Steam,
            (Some("totp" | "steam"), _) => return Err(Problem::argument("kind")),
            (Some(_), _) => return Err(Problem::unknown("kind")),
        };
        with_secret(secret, |secret| {
            let uri = match kind {
                Kind::Totp(params) => uri::build(&issuer, &account, secret, &params),
                Kind::Hotp { params, counter } => {
                    uri::build_hotp(&issuer, &account, secret, &params, counter)
                }
                Kind::Steam => uri::build_steam(&issuer, &account, secret),
            };
            Ok(reveal(uri?))
        })
    })
}

/// Read an ``otpauth://`` URI, for importing a device from elsewhere.
#[pyfunction]
#[pyo3(signature = (uri, *, minimum=None), text_signature = "(uri, *, minimum='rfc4226')")]
pub fn otpauth_parse(py: Python<'_>, uri: Arg<'_, '_>, minimum: Opt<'_, '_>) -> PyResult<OtpauthUri> {
    guard(|| OtpauthUri::new(py, uri::parse(&text(uri, "uri")?, self::minimum(minimum)?)?))
}

/// Read an ``otpauth-migration://`` URI, as Google Authenticator's export shows them in QR codes.
#[pyfunction]
#[pyo3(signature = (uri, *, minimum=None), text_signature = "(uri, *, minimum='rfc4226')")]
pub fn otpauth_parse_migration(
    py: Python<'_>,
    uri: Arg<'_, '_>,
    minimum: Opt<'_, '_>,
) -> PyResult<OtpauthExport> {
    guard(|| {
        let export = migration::parse(&text(uri, "uri")?, self::minimum(minimum)?)?;
        let account = |account| Ok(Py::new(py, OtpauthUri::new(py, account)?)?);
        Ok(OtpauthExport {
            accounts: export.accounts.into_iter().map(account).collect::<Result<_, Problem>>()?,
            batch_id: export.batch_id,
            batch_index: export.batch_index,
            batch_size: export.batch_size,
        })
    })
}

/// What one QR code of an export says. ``batch_size`` is how many there are, ``batch_index`` which one this is
/// (from 0), ``batch_id`` the same in all of them.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct OtpauthExport {
    accounts: Vec<Py<OtpauthUri>>,
    batch_id: i32,
    batch_index: u32,
    batch_size: u32,
}

#[pymethods]
impl OtpauthExport {
    fn __repr__(&self) -> String {
        let Self { accounts, batch_index, batch_size, .. } = self;
        format!(
            "OtpauthExport(accounts={}, batch_index={batch_index}, batch_size={batch_size})",
            accounts.len()
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("OtpauthExport")
    }
}

/// What an ``otpauth://`` URI says, or one account of an export.
#[pyclass(frozen, module = "twinlock")]
pub struct OtpauthUri {
    #[pyo3(get)]
    issuer: Option<String>,
    #[pyo3(get)]
    account: String,
    #[pyo3(get)]
    secret: Py<Secret>,
    kind: Kind,
}

impl OtpauthUri {
    fn new(py: Python<'_>, parsed: ParsedUri) -> Result<Self, Problem> {
        let ParsedUri { issuer, account, secret, kind } = parsed;
        Ok(Self { issuer, account, secret: Py::new(py, Secret { core: secret })?, kind })
    }

    /// As the core reads it, with a secret of its own.
    pub(crate) fn to_core(&self) -> Result<ParsedUri, Problem> {
        let secret = self.secret.get().copy()?;
        Ok(ParsedUri { issuer: self.issuer.clone(), account: self.account.clone(), secret, kind: self.kind })
    }
}

#[pymethods]
impl OtpauthUri {
    /// What moves the code on: ``totp`` or ``hotp``; ``steam`` for the codes of Steam Guard.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.kind {
            Kind::Totp(_) => "totp",
            Kind::Hotp { .. } => "hotp",
            Kind::Steam => "steam",
        }
    }

    #[getter]
    fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Totp(params) => params.algorithm,
            Kind::Hotp { params, .. } => params.algorithm,
            Kind::Steam => Algorithm::Sha1,
        }
        .name()
    }

    #[getter]
    fn digits(&self) -> u8 {
        match self.kind {
            Kind::Totp(params) => params.digits.get(),
            Kind::Hotp { params, .. } => params.digits.get(),
            Kind::Steam => steam::LENGTH,
        }
    }

    /// Seconds per step of a time device.
    #[getter]
    fn period(&self) -> Option<u8> {
        match self.kind {
            Kind::Totp(params) => Some(params.period.seconds()),
            Kind::Hotp { .. } => None,
            Kind::Steam => Some(Period::default().seconds()),
        }
    }

    /// The counter that comes next of a counter device.
    #[getter]
    fn counter(&self) -> Option<u64> {
        match self.kind {
            Kind::Totp(_) | Kind::Steam => None,
            Kind::Hotp { counter, .. } => Some(counter),
        }
    }

    fn __repr__(&self) -> String {
        format!("OtpauthUri(kind='{}', issuer={:?}, account={:?})", self.kind(), self.issuer, self.account)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("OtpauthUri")
    }
}
