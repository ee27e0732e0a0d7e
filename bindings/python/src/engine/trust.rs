//! Trusted devices: where sign-in needs no second factor for a while.

use pyo3::prelude::*;

use super::Engine;
use crate::convert::{Arg, Opt, opt_bytes, opt_text, subject, text, time};
use crate::errors::guard;
use crate::pending::Pending;
use crate::proof::Proof;

#[pymethods]
impl Engine {
    /// Trust the device on which the proof's second factor has just been shown. Call it before ``mint``: the
    /// proof is looked at, not used up.
    #[pyo3(signature = (subject, record, proof, name, *, now=None))]
    fn trust_device(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        proof: &Bound<'_, Proof>,
        name: Arg<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (name, now) = (text(name, "name")?, time(now, "now")?);
            proof.get().look(|proof| {
                Ok(self.core.trust_device(&subject, record.as_deref(), proof, &name, now)?.into())
            })
        })
    }

    /// Whether a token is that of a trusted device of the subject. Sign-in asks this itself.
    #[pyo3(signature = (subject, record, token, *, now=None))]
    fn is_trusted(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        token: Arg<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<bool> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let token = text(token, "token")?;
            Ok(self.core.is_trusted(&subject, record.as_deref(), &token, time(now, "now")?)?)
        })
    }

    /// End the trust in the device of that id, or in all.
    #[pyo3(signature = (subject, record, device_id=None, *, now=None))]
    fn revoke_trusted_devices(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        device_id: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (id, now) = (opt_text(device_id, "device_id")?, time(now, "now")?);
            Ok(self.core.revoke_trusted_devices(&subject, record.as_deref(), id.as_deref(), now)?.into())
        })
    }
}
