//! The policy: every number that a host may set, by the names of the core's one table.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use twinlock_core as core;
use twinlock_core::{ErrorCode, Fault};

use crate::convert::{Arg, int, text};
use crate::errors::{ArgumentFault, Problem, guard};

macro_rules! policy {
    (words: $($word:ident)*; numbers: $($name:ident)*) => {
        /// What a host may decide. ``issuer`` is the service's name in authenticator apps; ``OPTIONS`` lists the
        /// numeric options with default, bounds and meaning, ``CHOICES`` those that are one of a few words, the
        /// default's first. Lives and times are seconds.
        #[pyclass(frozen, module = "twinlock")]
        pub struct Policy {
            pub(crate) core: core::Policy,
        }

        #[pymethods]
        impl Policy {
            #[new]
            #[pyo3(
                signature = (issuer, **options),
                text_signature = "(issuer, **options)"
            )]
            fn new(issuer: Arg<'_, '_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
                guard(|| build(issuer, options))
            }

            /// The numeric options: name, default, min, max, doc.
            #[classattr]
            #[pyo3(name = "OPTIONS")]
            fn options(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
                rows(py)
            }

            /// The options that are a word: name, words (the default's first), doc.
            #[classattr]
            #[pyo3(name = "CHOICES")]
            fn choices(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
                choice_rows(py)
            }

            #[getter]
            fn issuer(&self) -> &str {
                &self.core.issuer
            }

            $(#[getter] fn $word(&self) -> &'static str { self.core.$word.name() })*

            $(#[getter] fn $name(&self) -> u32 { self.core.$name })*

            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                let mut shown = format!("Policy(issuer={}", slf.getattr("issuer")?.repr()?);
                $(shown.push_str(&format!(", {}='{}'", stringify!($word), slf.get().core.$word.name()));)*
                $(shown.push_str(&format!(", {}={}", stringify!($name), slf.get().core.$name));)*
                shown.push(')');
                Ok(shown)
            }
        }
    };
}

policy! {
    words: algorithm fallback sent_codes sent_alphabet opt_out cipher;
    numbers: digits period window challenge_life challenge_tries enrollment_life enrollment_tries backup_codes
    failures_before_lock lock_seconds lock_seconds_max failures_per_day failures_per_month
    failures_before_disable devices look_ahead resync_window sent_length sent_life sends_per_challenge
    enrollment_token_life trusted_devices trust_life step_up_age
}

fn build(issuer: Arg<'_, '_>, options: Option<&Bound<'_, PyDict>>) -> Result<Policy, Problem> {
    let mut policy = core::Policy { issuer: text(issuer, "issuer")?.to_owned(), ..core::Policy::default() };
    for (name, value) in options.into_iter().flatten() {
        set(&mut policy, name.cast::<PyString>().map_err(PyErr::from)?, &value)?;
    }
    Ok(Policy { core: policy })
}

fn set(policy: &mut core::Policy, name: &Bound<'_, PyString>, value: Arg<'_, '_>) -> Result<(), Problem> {
    let is_named = |row: &str| name.to_str().is_ok_and(|name| name == row);
    if let Some(row) = core::Policy::CHOICES.iter().find(|row| is_named(row.name)) {
        return Ok(policy.set_text(row.name, &text(value, row.name)?)?);
    }
    let row = core::Policy::OPTIONS.iter().find(|row| is_named(row.name));
    let Some(row) = row else {
        // The name is the deployment's own and names the typing error, so it may be in the message.
        let told = (ErrorCode::OptionUnknown.name(), name.clone().unbind());
        return Err(ArgumentFault::new_err(told).into());
    };
    let out_of_range = Fault::about(ErrorCode::OptionOutOfRange, row.name);
    let value = i64::try_from(int(value, row.name)?).map_err(|_| out_of_range)?;
    Ok(policy.set(row.name, value)?)
}

fn rows(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let rows = PyList::empty(py);
    for option in core::Policy::OPTIONS {
        let row = PyDict::new(py);
        row.set_item("name", option.name)?;
        row.set_item("default", option.default)?;
        row.set_item("min", option.min)?;
        row.set_item("max", option.max)?;
        row.set_item("doc", option.doc.trim())?;
        rows.append(row)?;
    }
    Ok(rows)
}

fn choice_rows(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let rows = PyList::empty(py);
    for choice in core::Policy::CHOICES {
        let row = PyDict::new(py);
        row.set_item("name", choice.name)?;
        row.set_item("words", choice.words)?;
        row.set_item("doc", choice.doc)?;
        rows.append(row)?;
    }
    Ok(rows)
}
