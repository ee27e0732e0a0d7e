//! The devices of a subject that has some: adding, naming, removing, setting right.

use pyo3::prelude::*;
use twinlock_core::NewDevice;

use super::{Engine, TO_ACTION};
use crate::answer::Answers;
use crate::convert::{Arg, Opt, opt_bytes, opt_text, subject, text, time};
use crate::device::chosen_params;
use crate::errors::guard;
use crate::pending::Pending;

#[pymethods]
impl Engine {
    /// Begin the enrollment of one more device, after a right answer; ``confirm_enrollment`` has to follow.
    ///
    /// ``step_up`` is an access token whose step-up was for ``add_device``.
    #[pyo3(signature = (
        subject, record, *, account, name=None, kind=None, algorithm=None, digits=None, period=None, otp=None,
        backup=None, any=None, step_up=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn add_device(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        account: Arg<'_, '_>,
        name: Opt<'_, '_>,
        kind: Opt<'_, '_>,
        algorithm: Opt<'_, '_>,
        digits: Opt<'_, '_>,
        period: Opt<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        step_up: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (account, name) = (text(account, "account")?, opt_text(name, "name")?);
            let params = chosen_params(self.core.policy(), kind, algorithm, digits, period)?;
            let device = NewDevice { account: &account, name: name.as_deref(), params };
            let (now, record) = (time(now, "now")?, record.as_deref());
            let answers = Answers { otp, backup, any, step_up, ..Answers::default() };
            let answer = answers.one(&self.core, now, TO_ACTION)?;
            let check = || self.core.add_device(&subject, record, answer.as_answer(), &device, now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Give a device another name.
    #[pyo3(signature = (subject, record, device_id, name, *, now=None))]
    fn rename_device(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        device_id: Arg<'_, '_>,
        name: Arg<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (id, name) = (text(device_id, "device_id")?, text(name, "name")?);
            let now = time(now, "now")?;
            Ok(self.core.rename_device(&subject, record.as_deref(), &id, &name, now)?.into())
        })
    }

    /// Remove a device after a right answer; a code of the device itself will do. Gives ``"one"`` where others
    /// are left, and ``"last"`` where the second factor is off by that.
    #[pyo3(signature = (
        subject, record, device_id, *, otp=None, backup=None, any=None, step_up=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn remove_device(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        device_id: Arg<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        step_up: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (id, now) = (text(device_id, "device_id")?, time(now, "now")?);
            let answers = Answers { otp, backup, any, step_up, ..Answers::default() };
            let answer = answers.one(&self.core, now, TO_ACTION)?;
            let (record, id): (_, &str) = (record.as_deref(), &id);
            let check = || self.core.remove_device(&subject, record, id, answer.as_answer(), now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Find the counter of a counter device again by two codes that it showed one after the other.
    #[pyo3(signature = (subject, record, device_id, first, second, *, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn resync_device(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        device_id: Arg<'_, '_>,
        first: Arg<'_, '_>,
        second: Arg<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (id, now) = (text(device_id, "device_id")?, time(now, "now")?);
            let (first, second) = (text(first, "first")?, text(second, "second")?);
            Ok(self.core.resync_device(&subject, record.as_deref(), &id, [&first, &second], now)?.into())
        })
    }
}
