//! What there is to see of a subject's second factor.

use pyo3::prelude::*;
use twinlock_core as core;

/// The state of a subject's second factor. Nothing in it is secret.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct Status {
    enabled: bool,
    pending_until: Option<i64>,
    devices: Vec<Py<Device>>,
    preference: Option<&'static str>,
    trusted_devices: Vec<Py<TrustedDevice>>,
    backup_codes_left: u32,
    backup_codes_total: u32,
    locked_until: Option<i64>,
    disabled: bool,
    failures_in_a_row: u32,
    failures_today: u32,
    epoch: u64,
}

impl Status {
    pub(crate) fn new(py: Python<'_>, status: core::Status) -> PyResult<Self> {
        let devices = status.devices.into_iter().map(|device| Py::new(py, Device::from(device)));
        let trusted =
            status.trusted_devices.into_iter().map(|device| Py::new(py, TrustedDevice::from(device)));
        Ok(Self {
            enabled: status.enabled,
            pending_until: status.pending_until.map(core::UnixTime::to_i64),
            devices: devices.collect::<PyResult<_>>()?,
            preference: status.preference.map(core::Preference::name),
            trusted_devices: trusted.collect::<PyResult<_>>()?,
            backup_codes_left: status.backup_codes_left,
            backup_codes_total: status.backup_codes_total,
            locked_until: status.locked_until.map(core::UnixTime::to_i64),
            disabled: status.disabled,
            failures_in_a_row: status.failures_in_a_row,
            failures_today: status.failures_today,
            epoch: status.epoch,
        })
    }
}

#[pymethods]
impl Status {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let names = ["enabled", "pending_until", "devices", "preference", "trusted_devices"];
        let codes = ["backup_codes_left", "backup_codes_total"];
        let more = ["locked_until", "disabled", "failures_in_a_row", "failures_today", "epoch"];
        show("Status", slf.as_any(), names.iter().chain(&codes).chain(&more))
    }
}

/// One confirmed device. ``period`` is ``None`` for a counter device.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct Device {
    id: String,
    kind: &'static str,
    name: String,
    algorithm: &'static str,
    digits: u8,
    period: Option<u8>,
    created_at: i64,
    last_used_at: i64,
}

impl From<core::DeviceStatus> for Device {
    fn from(device: core::DeviceStatus) -> Self {
        Self {
            id: device.id,
            kind: device.params.kind(),
            name: device.name,
            algorithm: device.params.algorithm().name(),
            digits: device.params.digits(),
            period: device.params.period(),
            created_at: device.created_at.to_i64(),
            last_used_at: device.last_used_at.to_i64(),
        }
    }
}

#[pymethods]
impl Device {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let names = ["id", "kind", "name", "algorithm", "digits", "period", "created_at", "last_used_at"];
        show("Device", slf.as_any(), names.iter())
    }
}

/// One trusted device. ``id`` is the one by which it is revoked.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct TrustedDevice {
    id: String,
    name: String,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
}

impl From<core::TrustedDevice> for TrustedDevice {
    fn from(device: core::TrustedDevice) -> Self {
        Self {
            id: device.id,
            name: device.name,
            created_at: device.created_at.to_i64(),
            last_used_at: device.last_used_at.to_i64(),
            expires_at: device.expires_at.to_i64(),
        }
    }
}

#[pymethods]
impl TrustedDevice {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let names = ["id", "name", "created_at", "last_used_at", "expires_at"];
        show("TrustedDevice", slf.as_any(), names.iter())
    }
}

fn show<'a>(
    class: &str,
    object: &Bound<'_, PyAny>,
    names: impl Iterator<Item = &'a &'static str>,
) -> PyResult<String> {
    let fields = names.map(|name| Ok(format!("{name}={}", object.getattr(*name)?.repr()?)));
    Ok(format!("{class}({})", fields.collect::<PyResult<Vec<_>>>()?.join(", ")))
}
