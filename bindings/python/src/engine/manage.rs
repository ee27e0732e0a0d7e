//! What a signed-in user and an operator may do with a second factor.

use pyo3::prelude::*;

use super::{Engine, TO_ACTION};
use crate::answer::Answers;
use crate::convert::{Arg, Opt, opt_bytes, subject, time};
use crate::errors::guard;
use crate::pending::Pending;

#[pymethods]
impl Engine {
    /// Turn the second factor off after a right answer. ``step_up`` is an access token whose step-up was for
    /// ``disable``.
    #[pyo3(signature = (subject, record, *, otp=None, backup=None, any=None, step_up=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn disable(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        step_up: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (now, record) = (time(now, "now")?, record.as_deref());
            let answers = Answers { otp, backup, any, step_up, ..Answers::default() };
            let answer = answers.one(&self.core, now, TO_ACTION)?;
            let check = || self.core.disable(&subject, record, answer.as_answer(), now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Replace all backup codes after a right code of an authenticator. ``step_up`` is an access token whose
    /// step-up was for ``regenerate_backup_codes``.
    #[pyo3(signature = (subject, record, *, otp=None, backup=None, any=None, step_up=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn regenerate_backup_codes(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        step_up: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (now, record) = (time(now, "now")?, record.as_deref());
            let answers = Answers { otp, backup, any, step_up, ..Answers::default() };
            let answer = answers.one(&self.core, now, TO_ACTION)?;
            let answer = answer.as_answer();
            Ok(py.detach(|| self.core.regenerate_backup_codes(&subject, record, answer, now))?.into())
        })
    }

    /// The same without an answer. For operators only: the codes sign in.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn admin_regenerate_backup_codes(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (record, now) = (record.as_deref(), time(now, "now")?);
            Ok(py.detach(|| self.core.admin_regenerate_backup_codes(&subject, record, now))?.into())
        })
    }

    /// End every lock and clear the failure history. For operators.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn unlock(&self, subject: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(self.core.unlock(&subject, record.as_deref(), time(now, "now")?)?.into())
        })
    }

    /// Turn the second factor off without an answer. For operators.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn admin_reset(&self, subject: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(self.core.admin_reset(&subject, record.as_deref(), time(now, "now")?)?.into())
        })
    }

    /// End all challenges and tokens of the subject, for instance after a password change.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn bump_epoch(&self, subject: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(self.core.bump_epoch(&subject, record.as_deref(), time(now, "now")?)?.into())
        })
    }
}
