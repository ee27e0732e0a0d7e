//! How access and refresh tokens are made and checked.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::{ErrorCode, JwtAlgorithm};
use zeroize::Zeroizing;

use crate::convert::{Arg, Opt, fitting, opt_text, text};
use crate::errors::{Problem, guard, not_picklable};

/// A key that verifies JWTs and, unless it is only a public one, signs them. It fixes the algorithm; a token's
/// header never does.
#[pyclass(frozen, module = "twinlock")]
pub struct JwtKey {
    source: Source,
    id: String,
    algorithm: JwtAlgorithm,
}

/// What a key is made of. The core's key cannot be copied, and one Python object may go into several engines.
enum Source {
    Hmac(JwtAlgorithm, Zeroizing<Vec<u8>>),
    Pem(JwtAlgorithm, Zeroizing<String>),
    Jwk(Zeroizing<String>),
}

impl JwtKey {
    fn new(source: Source) -> Result<Self, Problem> {
        let key = source.to_core()?;
        Ok(Self { id: key.id().to_owned(), algorithm: key.algorithm(), source })
    }
}

impl Source {
    fn to_core(&self) -> Result<core::JwtKey, Problem> {
        Ok(match self {
            Self::Hmac(algorithm, secret) => core::JwtKey::hmac(*algorithm, secret),
            Self::Pem(algorithm, pem) => core::JwtKey::from_pem(*algorithm, pem),
            Self::Jwk(json) => core::JwtKey::from_jwk(json),
        }?)
    }
}

#[pymethods]
impl JwtKey {
    /// An HMAC key: ``HS256``, ``HS384`` or ``HS512``, and at least as many bytes as the hash has.
    #[staticmethod]
    fn hmac(algorithm: Arg<'_, '_>, secret: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let algorithm = JwtAlgorithm::from_name(&text(algorithm, "algorithm")?)?;
            Self::new(Source::Hmac(algorithm, Zeroizing::new(secret_bytes(secret)?)))
        })
    }

    /// A key out of PEM text (``RS256`` to ``PS512``, ``ES256``, ``ES384``, ``EdDSA``): a private one, which is not
    /// encrypted, signs and verifies, a public one only verifies.
    #[staticmethod]
    fn from_pem(algorithm: Arg<'_, '_>, pem: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let algorithm = JwtAlgorithm::from_name(&text(algorithm, "algorithm")?)?;
            Self::new(Source::Pem(algorithm, Zeroizing::new(text(pem, "pem")?.to_owned())))
        })
    }

    /// A key out of the JSON text of a JWK (RFC 7517), which says its algorithm in ``alg``. Without ``d`` it only
    /// verifies.
    #[staticmethod]
    fn from_jwk(json: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| Self::new(Source::Jwk(Zeroizing::new(text(json, "json")?.to_owned()))))
    }

    /// The ``kid`` that the headers of its tokens show. It is derived from the key.
    #[getter]
    fn id(&self) -> &str {
        &self.id
    }

    /// How it signs.
    #[getter]
    fn algorithm(&self) -> &'static str {
        self.algorithm.name()
    }

    fn __repr__(&self) -> String {
        format!("JwtKey({})", self.algorithm.name())
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("JwtKey")
    }
}

/// A key's bytes need not be UTF-8; text is taken as UTF-8.
fn secret_bytes(secret: Arg<'_, '_>) -> Result<Vec<u8>, Problem> {
    use pyo3::types::PyString;
    if secret.is_instance_of::<PyString>() {
        return Ok(text(secret, "secret")?.as_bytes().to_vec());
    }
    Ok(crate::convert::bytes(secret, "secret")?.to_vec())
}

/// The keys, claims and lives of access and refresh tokens. The first key signs, all verify; without keys, those
/// of the key ring sign HS256.
#[pyclass(frozen, module = "twinlock")]
pub struct JwtConfig {
    keys: Vec<Py<JwtKey>>,
    #[pyo3(get)]
    issuer: Option<String>,
    #[pyo3(get)]
    audience: Option<String>,
    #[pyo3(get)]
    access_life: u32,
    #[pyo3(get)]
    refresh_life: u32,
    #[pyo3(get)]
    leeway: u32,
    #[pyo3(get)]
    family_life: u32,
    #[pyo3(get)]
    reuse_grace: u32,
    #[pyo3(get)]
    user_id_claim: String,
}

impl JwtConfig {
    pub(crate) fn to_core(&self) -> Result<core::JwtConfig, Problem> {
        Ok(core::JwtConfig {
            keys: self.keys.iter().map(|key| key.get().source.to_core()).collect::<Result<_, _>>()?,
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            access_life: self.access_life,
            refresh_life: self.refresh_life,
            leeway: self.leeway,
            family_life: self.family_life,
            reuse_grace: self.reuse_grace,
            user_id_claim: self.user_id_claim.clone(),
        })
    }
}

#[pymethods]
impl JwtConfig {
    #[new]
    #[pyo3(
        signature = (
            *, keys=None, issuer=None, audience=None, access_life=None, refresh_life=None, leeway=None,
            user_id_claim=None, family_life=None, reuse_grace=None
        ),
        text_signature = "(*, keys=(), issuer=None, audience=None, access_life=300, refresh_life=86400, \
                          leeway=0, user_id_claim='user_id', family_life=2592000, reuse_grace=10)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn new(
        keys: Opt<'_, '_>,
        issuer: Opt<'_, '_>,
        audience: Opt<'_, '_>,
        access_life: Opt<'_, '_>,
        refresh_life: Opt<'_, '_>,
        leeway: Opt<'_, '_>,
        user_id_claim: Opt<'_, '_>,
        family_life: Opt<'_, '_>,
        reuse_grace: Opt<'_, '_>,
    ) -> PyResult<Self> {
        guard(|| {
            let usual = core::JwtConfig::default();
            Ok(Self {
                keys: keys.map_or_else(|| Ok(Vec::new()), read_keys)?,
                issuer: opt_text(issuer, "issuer")?.map(|text| text.to_owned()),
                audience: opt_text(audience, "audience")?.map(|text| text.to_owned()),
                access_life: seconds(access_life, "access_life", usual.access_life)?,
                refresh_life: seconds(refresh_life, "refresh_life", usual.refresh_life)?,
                leeway: seconds(leeway, "leeway", usual.leeway)?,
                family_life: seconds(family_life, "family_life", usual.family_life)?,
                reuse_grace: seconds(reuse_grace, "reuse_grace", usual.reuse_grace)?,
                user_id_claim: opt_text(user_id_claim, "user_id_claim")?
                    .map_or(usual.user_id_claim, |text| text.to_owned()),
            })
        })
    }

    fn __repr__(&self) -> String {
        format!(
            "JwtConfig(keys={}, access_life={}, refresh_life={})",
            self.keys.len(),
            self.access_life,
            self.refresh_life
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("JwtConfig")
    }
}

fn read_keys(keys: Arg<'_, '_>) -> Result<Vec<Py<JwtKey>>, Problem> {
    let mut read = Vec::new();
    for key in keys.try_iter()? {
        let key = key?;
        let key = key.cast::<JwtKey>().map_err(|_| Problem::wrong_type("keys", "JwtKey objects", &key))?;
        read.push(key.clone().unbind());
    }
    Ok(read)
}

fn seconds(value: Opt<'_, '_>, name: &'static str, usual: u32) -> Result<u32, Problem> {
    value.map_or(Ok(usual), |value| fitting(value, name, ErrorCode::OptionOutOfRange))
}
