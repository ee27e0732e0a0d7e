//! Enrollment: a pending device, a first code, and the token of those who can do nothing else.

use pyo3::prelude::*;
use twinlock_core::NewDevice;

use super::Engine;
use crate::convert::{Arg, Opt, opt_bytes, opt_text, subject, text, time};
use crate::device::chosen_params;
use crate::errors::guard;
use crate::pending::Pending;

#[pymethods]
impl Engine {
    /// Make a secret and store it as the subject's one pending device.
    ///
    /// ``kind`` is ``"totp"``, ``"hotp"`` (codes from a counter) or ``"steam"``; what is left out is the policy's.
    #[pyo3(signature = (
        subject, record, *, account, name=None, kind=None, algorithm=None, digits=None, period=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn begin_enrollment(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        account: Arg<'_, '_>,
        name: Opt<'_, '_>,
        kind: Opt<'_, '_>,
        algorithm: Opt<'_, '_>,
        digits: Opt<'_, '_>,
        period: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (account, name) = (text(account, "account")?, opt_text(name, "name")?);
            let params = chosen_params(self.core.policy(), kind, algorithm, digits, period)?;
            let device = NewDevice { account: &account, name: name.as_deref(), params };
            Ok(self.core.begin_enrollment(&subject, record.as_deref(), &device, time(now, "now")?)?.into())
        })
    }

    /// Confirm the pending device with a code of it. The code is spent by that; the epoch moves. Backup codes
    /// come with the first device only.
    #[pyo3(signature = (subject, record, code, *, now=None))]
    fn confirm_enrollment(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        code: Arg<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (code, now) = (text(code, "code")?, time(now, "now")?);
            let (record, code): (_, &str) = (record.as_deref(), &code);
            Ok(py.detach(|| self.core.confirm_enrollment(&subject, record, code, now))?.into())
        })
    }

    /// Read the subject out of a living enrollment token, to know which record to load.
    #[pyo3(signature = (token, *, now=None))]
    fn enrollment_subject(&self, token: Arg<'_, '_>, now: Opt<'_, '_>) -> PyResult<String> {
        guard(|| {
            let token = text(token, "token")?;
            Ok(self.core.enrollment_subject(&token, time(now, "now")?)?.as_str().to_owned())
        })
    }

    /// Make sure that an enrollment token opens enrollment for the subject of this record, and return the
    /// subject. Do so before each of the two calls of enrollment.
    #[pyo3(signature = (token, record, *, now=None))]
    fn check_enrollment(
        &self,
        token: Arg<'_, '_>,
        record: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<String> {
        guard(|| {
            let (token, record) = (text(token, "token")?, opt_bytes(record, "record")?);
            let subject = self.core.check_enrollment(&token, record.as_deref(), time(now, "now")?)?;
            Ok(subject.as_str().to_owned())
        })
    }
}
