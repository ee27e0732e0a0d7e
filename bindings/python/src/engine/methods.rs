//! How a subject is asked, and the second factor once more for one purpose.

use pyo3::prelude::*;
use twinlock_core::{Preference, StepUp};

use super::Engine;
use crate::answer::{Answers, session_claims};
use crate::convert::{Arg, Opt, opt_bytes, opt_text, subject, text, time};
use crate::errors::guard;
use crate::pending::Pending;

#[pymethods]
impl Engine {
    /// Store how the subject wants to be asked: ``"otp"``, ``"sent"`` or ``"off"``. With a device this needs an
    /// answer; ``step_up`` is an access token whose step-up was for ``set_method``.
    #[pyo3(signature = (subject, record, method, *, otp=None, backup=None, any=None, step_up=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn set_method(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        method: Arg<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        step_up: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let preference = Preference::from_name(&text(method, "method")?)?;
            let (now, record) = (time(now, "now")?, record.as_deref());
            let answers = Answers { otp, backup, any, step_up, ..Answers::default() };
            let given =
                answers.at_most_one(&self.core, now, "at most one of otp, backup, any and step_up")?;
            let answer = given.as_ref().map(|given| given.as_answer());
            let check = || self.core.set_method(&subject, record, answer, preference, now);
            let pending = given.as_ref().map_or_else(check, |given| given.run(py, check))?;
            Ok(pending.into())
        })
    }

    /// Ask a signed-in user for the second factor once more, for one ``purpose`` (1 to 64 characters out of
    /// ``a-z 0-9 _ - . :``). ``mint_access`` makes an access token of the proof.
    ///
    /// ``session`` is the access token of the session that goes on in the new one.
    #[pyo3(signature = (
        subject, record, *, purpose, session=None, otp=None, backup=None, any=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn step_up(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        purpose: Arg<'_, '_>,
        session: Opt<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (purpose, now) = (text(purpose, "purpose")?, time(now, "now")?);
            let session = opt_text(session, "session")?;
            let session = session.map(|token| session_claims(&self.core, &token, now)).transpose()?;
            let answers = Answers { otp, backup, any, ..Answers::default() };
            let answer = answers.one(&self.core, now, "exactly one of otp, backup and any")?;
            let record = record.as_deref();
            let step_up = StepUp { purpose: &purpose, session: session.as_ref() };
            let check = || self.core.step_up(&subject, record, answer.as_answer(), step_up, now);
            Ok(answer.run(py, check)?.into())
        })
    }
}
