//! Minted tokens.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::UnixTime;

use crate::errors::not_picklable;

/// A minted pair of tokens.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct Tokens {
    access: String,
    refresh: String,
    access_expires_at: i64,
    refresh_expires_at: i64,
}

impl From<core::Tokens> for Tokens {
    fn from(tokens: core::Tokens) -> Self {
        Self {
            access: tokens.access,
            refresh: tokens.refresh,
            access_expires_at: tokens.access_expires_at.to_i64(),
            refresh_expires_at: tokens.refresh_expires_at.to_i64(),
        }
    }
}

#[pymethods]
impl Tokens {
    fn __repr__(&self) -> String {
        let (access, refresh) = (self.access_expires_at, self.refresh_expires_at);
        format!("Tokens(access_expires_at={access}, refresh_expires_at={refresh})")
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Tokens")
    }
}

/// An access token without a refresh token.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct AccessToken {
    access: String,
    access_expires_at: i64,
}

impl From<(String, UnixTime)> for AccessToken {
    fn from((access, ends): (String, UnixTime)) -> Self {
        Self { access, access_expires_at: ends.to_i64() }
    }
}

#[pymethods]
impl AccessToken {
    fn __repr__(&self) -> String {
        format!("AccessToken(access_expires_at={})", self.access_expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("AccessToken")
    }
}

/// A sliding token: it opens APIs and is exchanged for its like.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct SlidingToken {
    token: String,
    expires_at: i64,
}

impl From<(String, UnixTime)> for SlidingToken {
    fn from((token, ends): (String, UnixTime)) -> Self {
        Self { token, expires_at: ends.to_i64() }
    }
}

#[pymethods]
impl SlidingToken {
    fn __repr__(&self) -> String {
        format!("SlidingToken(expires_at={})", self.expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("SlidingToken")
    }
}
