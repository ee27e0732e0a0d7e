//! Key rotation, and what a record holds beside its secrets.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use twinlock_core as core;

use super::Engine;
use crate::convert::{Arg, bytes, subject};
use crate::errors::guard;
use crate::json::object_to_python;

#[pymethods]
impl Engine {
    /// Seal a record anew under the first key and the policy's cipher; ``None`` where it needs no other key
    /// already. Store the result with a conditional write.
    fn reseal<'py>(
        &self,
        py: Python<'py>,
        subject: Arg<'_, 'py>,
        record: Arg<'_, 'py>,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, bytes(record, "record")?);
            let anew = self.core.reseal(&subject, &record)?;
            Ok(anew.map(|anew| PyBytes::new(py, anew.as_bytes())))
        })
    }

    /// The ids of the keys that a record cannot do without. A key that no record needs can leave the ring once
    /// the tokens that it signed have ended.
    fn keys_needed(&self, subject: Arg<'_, '_>, record: Arg<'_, '_>) -> PyResult<Vec<String>> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, bytes(record, "record")?);
            let ids = self.core.keys_needed(&subject, &record)?;
            Ok(ids.into_iter().map(core::KeyId::to_text).collect())
        })
    }

    /// Everything that a record holds but its secrets, for operators who look into a case. Times are Unix seconds.
    /// What time and policy make of it, ``status`` says; the form is for people and may grow.
    fn inspect<'py>(
        &self,
        py: Python<'py>,
        subject: Arg<'_, 'py>,
        record: Arg<'_, 'py>,
    ) -> PyResult<Bound<'py, PyDict>> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, bytes(record, "record")?);
            Ok(object_to_python(py, &self.core.inspect(&subject, &record)?)?)
        })
    }
}
