//! The vault as functions: a host's own small secrets, sealed, and which keys they need.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use twinlock_core as core;
use twinlock_core::OsRandom;

use crate::convert::{Arg, bytes, subject, text};
use crate::engine::Engine;
use crate::errors::{guard, not_picklable};
use crate::secrets::KeyRing;

/// Seal a small secret of the host's own (up to 64 KiB) for a subject.
#[pyfunction]
pub fn vault_seal<'py>(
    py: Python<'py>,
    ring: &Bound<'py, KeyRing>,
    subject: Arg<'_, 'py>,
    data: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let (subject, data) = (self::subject(subject)?, bytes(data, "data")?);
        Ok(PyBytes::new(py, &core::vault::seal(&ring.get().core, &subject, &data, &OsRandom)?))
    })
}

/// Open what ``seal`` made for the same subject with a key of the ring.
#[pyfunction]
pub fn vault_open<'py>(
    py: Python<'py>,
    ring: &Bound<'py, KeyRing>,
    subject: Arg<'_, 'py>,
    data: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let (subject, data) = (self::subject(subject)?, bytes(data, "data")?);
        Ok(PyBytes::new(py, &core::vault::open(&ring.get().core, &subject, &data)?))
    })
}

/// Seal anew what ``seal`` made, with the ring's first key and cipher; ``None`` when that is what it has.
#[pyfunction]
pub fn vault_reseal<'py>(
    py: Python<'py>,
    ring: &Bound<'py, KeyRing>,
    subject: Arg<'_, 'py>,
    data: Arg<'_, 'py>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    guard(|| {
        let (subject, data) = (self::subject(subject)?, bytes(data, "data")?);
        let anew = core::vault::reseal(&ring.get().core, &subject, &data, &OsRandom)?;
        Ok(anew.map(|anew| PyBytes::new(py, &anew)))
    })
}

/// The id of the key that sealed an envelope, which is not opened for that.
#[pyfunction]
pub fn vault_key_id(data: Arg<'_, '_>) -> PyResult<String> {
    guard(|| Ok(core::vault::key_id(&bytes(data, "data")?)?.to_text()))
}

/// An envelope as base64url without padding, for a column of text.
#[pyfunction]
pub fn vault_to_text(data: Arg<'_, '_>) -> PyResult<String> {
    guard(|| Ok(core::vault::to_text(&bytes(data, "data")?)))
}

/// Read what ``to_text`` made.
#[pyfunction]
pub fn vault_from_text<'py>(py: Python<'py>, text: Arg<'_, 'py>) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| Ok(PyBytes::new(py, &core::vault::from_text(&self::text(text, "text")?)?)))
}

/// Counts what each key sealed, so that no key is dropped from a ring while something still needs it.
///
/// Show it every record, and every secret of the host's own that ``seal`` made. Tokens are not counted: keep an
/// old key for as long as the longest of them lives.
#[pyclass(frozen, module = "twinlock")]
pub struct KeyUsage {
    core: Mutex<core::KeyUsage>,
}

impl KeyUsage {
    fn lock(&self) -> MutexGuard<'_, core::KeyUsage> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl KeyUsage {
    #[new]
    fn new(ring: &Bound<'_, KeyRing>) -> PyResult<Self> {
        guard(|| Ok(Self { core: Mutex::new(core::KeyUsage::new(&ring.get().core)) }))
    }

    /// Count an envelope that ``seal`` made and return the id of the key that it needs.
    fn add(&self, data: Arg<'_, '_>) -> PyResult<String> {
        guard(|| Ok(self.lock().add(&bytes(data, "data")?)?.to_text()))
    }

    /// Count a record and return the ids of the keys that it needs: that of its envelope, and those of its backup
    /// codes.
    fn add_record(
        &self,
        engine: &Bound<'_, Engine>,
        subject: Arg<'_, '_>,
        record: Arg<'_, '_>,
    ) -> PyResult<Vec<String>> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, bytes(record, "record")?);
            let needed = engine.get().core.keys_needed(&subject, &record)?;
            let mut usage = self.lock();
            needed.iter().for_each(|id| usage.add_id(*id));
            Ok(needed.into_iter().map(core::KeyId::to_text).collect())
        })
    }

    /// All keys with their counts: those of the ring in its order, then those that it lacks.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        guard(|| {
            // Making Python objects may run other Python code, which may come back here: not under the lock.
            let counted: Vec<_> = self.lock().iter().collect();
            let counts = PyDict::new(py);
            for (id, count) in counted {
                counts.set_item(id.to_text(), count)?;
            }
            Ok(counts)
        })
    }

    /// Whether the ring can do without the key of that id, if everything was counted: nothing needs it, and it is
    /// not the one that seals.
    fn is_droppable(&self, key_id: Arg<'_, '_>) -> PyResult<bool> {
        guard(|| {
            let (key_id, usage) = (text(key_id, "key_id")?, self.lock());
            let known = usage.iter().find(|(id, _)| id.to_text() == *key_id);
            Ok(known.is_none_or(|(id, _)| usage.is_droppable(id)))
        })
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("KeyUsage({})", slf.getattr("counts")?.repr()?))
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("KeyUsage")
    }
}
