//! What an enrollment gives out: set-ups and backup codes.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::otp::qr;
use zeroize::Zeroizing;

use crate::errors::{guard, not_picklable};
use crate::proof::Proof;
use crate::secrets::reveal;

/// What the user needs to set up an authenticator. Show it once.
#[pyclass(frozen, module = "twinlock")]
pub struct Setup {
    #[pyo3(get)]
    device_id: String,
    secret: Zeroizing<String>,
    uri: Zeroizing<String>,
    #[pyo3(get)]
    expires_at: i64,
}

impl Setup {
    pub(crate) fn new(setup: core::Provisioning) -> Self {
        let core::Provisioning { device_id, secret, uri, expires_at } = setup;
        Self { device_id, secret, uri, expires_at: expires_at.to_i64() }
    }
}

#[pymethods]
impl Setup {
    /// The secret in base32, for typing in.
    #[getter]
    fn secret(&self) -> &str {
        &self.secret
    }

    /// The ``otpauth://`` URI.
    #[getter]
    fn uri(&self) -> &str {
        &self.uri
    }

    /// The URI as a QR code in SVG, drawn when asked for.
    #[getter]
    fn qr_svg(&self, py: Python<'_>) -> PyResult<String> {
        guard(|| Ok(py.detach(|| qr::svg(&self.uri))?))
    }

    /// The same as a ``data:`` URI for an ``<img>``.
    #[getter]
    fn qr_svg_data_uri(&self, py: Python<'_>) -> PyResult<String> {
        guard(|| Ok(py.detach(|| qr::svg_data_uri(&self.uri))?))
    }

    fn __repr__(&self) -> String {
        format!("Setup(device_id='{}', expires_at={})", self.device_id, self.expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Setup")
    }
}

/// A confirmed enrollment. Show the backup codes once.
#[pyclass(frozen, module = "twinlock")]
pub struct Enrolled {
    #[pyo3(get)]
    device_id: String,
    backup_codes: Vec<Zeroizing<String>>,
    proof: Py<Proof>,
}

impl Enrolled {
    pub(crate) fn new(py: Python<'_>, enrolled: core::Enrolled) -> PyResult<Self> {
        let core::Enrolled { device_id, backup_codes, proof } = enrolled;
        Ok(Self { device_id, backup_codes, proof: Py::new(py, Proof::new(proof))? })
    }
}

#[pymethods]
impl Enrolled {
    /// The backup codes.
    #[getter]
    fn backup_codes(&self) -> Vec<String> {
        self.backup_codes.iter().cloned().map(reveal).collect()
    }

    /// The proof that the confirming code is.
    #[getter]
    fn proof(&self, py: Python<'_>) -> Py<Proof> {
        self.proof.clone_ref(py)
    }

    fn __repr__(&self) -> String {
        format!("Enrolled(device_id='{}')", self.device_id)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Enrolled")
    }
}
