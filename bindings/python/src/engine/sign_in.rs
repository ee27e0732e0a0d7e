//! Sign-in: a challenge after the first factor, an answer, a proof.

use pyo3::prelude::*;
use twinlock_core::PresentedChallenge;

use super::{Engine, TO_CHALLENGE};
use crate::answer::{Answers, first_factor};
use crate::convert::{Arg, Opt, opt_bytes, opt_text, subject, text, time};
use crate::errors::guard;
use crate::pending::Pending;

#[pymethods]
impl Engine {
    /// Answer a passed first factor. ``SignIn.outcome`` says what comes next.
    ///
    /// ``methods`` says how the first factor was checked (RFC 8176), ``at`` when (default: now). ``binding`` is
    /// something that the host must show again with the answer, such as a digest of the password's hash.
    /// ``trust_token`` is what the client has from ``trust_device``; text that is none changes nothing.
    #[pyo3(
        signature = (
            subject, record, *, methods=None, at=None, binding=None, trust_token=None, now=None
        ),
        text_signature = "($self, subject, record, *, methods=..., at=None, binding=None, trust_token=None, \
                          now=None)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn begin_sign_in(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        methods: Opt<'_, '_>,
        at: Opt<'_, '_>,
        binding: Opt<'_, '_>,
        trust_token: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let now = time(now, "now")?;
            let at = at.map_or(Ok(now), |at| time(Some(at), "at"))?;
            let factor = first_factor(methods, at, binding, trust_token)?;
            Ok(self.core.begin_sign_in(&subject, record.as_deref(), &factor, now)?.into())
        })
    }

    /// Read the subject out of a challenge, to know which record to load.
    #[pyo3(signature = (challenge, *, now=None))]
    fn challenge_subject(&self, challenge: Arg<'_, '_>, now: Opt<'_, '_>) -> PyResult<String> {
        guard(|| {
            let challenge = text(challenge, "challenge")?;
            Ok(self.core.challenge_subject(&challenge, time(now, "now")?)?.as_str().to_owned())
        })
    }

    /// Check the answer to a challenge: exactly one of ``otp``, ``backup``, ``sent`` and ``any``.
    #[pyo3(signature = (
        record, challenge, *, otp=None, backup=None, sent=None, any=None, binding=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn finish_sign_in(
        &self,
        py: Python<'_>,
        record: Opt<'_, '_>,
        challenge: Arg<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        sent: Opt<'_, '_>,
        any: Opt<'_, '_>,
        binding: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (record, now) = (opt_bytes(record, "record")?, time(now, "now")?);
            let (token, binding) = (text(challenge, "challenge")?, opt_text(binding, "binding")?);
            let presented = PresentedChallenge { token: &token, binding: binding.as_deref() };
            let answers = Answers { otp, backup, sent, any, ..Answers::default() };
            let (answer, record) = (answers.one(&self.core, now, TO_CHALLENGE)?, record.as_deref());
            let check = || self.core.finish_sign_in(record, presented, answer.as_answer(), now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Check the answer to a challenge whose ``SignIn.gives`` is ``"enrollment"``, and give the token that opens
    /// enrollment and nothing else.
    #[pyo3(signature = (
        record, challenge, *, otp=None, backup=None, sent=None, any=None, binding=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn finish_for_enrollment(
        &self,
        py: Python<'_>,
        record: Opt<'_, '_>,
        challenge: Arg<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        sent: Opt<'_, '_>,
        any: Opt<'_, '_>,
        binding: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (record, now) = (opt_bytes(record, "record")?, time(now, "now")?);
            let (token, binding) = (text(challenge, "challenge")?, opt_text(binding, "binding")?);
            let presented = PresentedChallenge { token: &token, binding: binding.as_deref() };
            let answers = Answers { otp, backup, sent, any, ..Answers::default() };
            let (answer, record) = (answers.one(&self.core, now, TO_CHALLENGE)?, record.as_deref());
            let check = || self.core.finish_for_enrollment(record, presented, answer.as_answer(), now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Make a code for a challenge, the first one or another in its place, for the host to deliver.
    #[pyo3(signature = (record, challenge, *, binding=None, now=None))]
    fn send_code(
        &self,
        record: Opt<'_, '_>,
        challenge: Arg<'_, '_>,
        binding: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (record, now) = (opt_bytes(record, "record")?, time(now, "now")?);
            let (token, binding) = (text(challenge, "challenge")?, opt_text(binding, "binding")?);
            let presented = PresentedChallenge { token: &token, binding: binding.as_deref() };
            Ok(self.core.send_code(record.as_deref(), presented, now)?.into())
        })
    }
}
