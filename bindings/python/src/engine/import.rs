//! Devices and backup codes that come from another system. For operators and migrations.

use pyo3::prelude::*;

use super::Engine;
use crate::convert::{Arg, Opt, opt_bytes, opt_text, subject, text, time};
use crate::device::{Imported, foreign_codes};
use crate::errors::guard;
use crate::pending::Pending;

#[pymethods]
impl Engine {
    /// Store a confirmed device that exists elsewhere and give its id. Nothing is asked: the caller says that it
    /// is the subject's.
    ///
    /// Either ``uri`` (an ``otpauth://`` URI, or what ``twinlock.otpauth`` read) or ``secret`` with its
    /// parameters is given. ``counter`` is the next one of a counter device, ``last_step`` the last step of a
    /// time device that the other system accepted, ``minimum`` as in ``Secret.from_base32``.
    #[pyo3(
        signature = (
            subject, record, *, uri=None, secret=None, kind=None, name=None, algorithm=None, digits=None,
            period=None, counter=None, last_step=None, minimum=None, now=None
        ),
        text_signature = "($self, subject, record, *, uri=None, secret=None, kind=None, name=None, \
                          algorithm=None, digits=None, period=None, counter=None, last_step=None, \
                          minimum='rfc4226', now=None)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn import_device(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        uri: Opt<'_, '_>,
        secret: Opt<'_, '_>,
        kind: Opt<'_, '_>,
        name: Opt<'_, '_>,
        algorithm: Opt<'_, '_>,
        digits: Opt<'_, '_>,
        period: Opt<'_, '_>,
        counter: Opt<'_, '_>,
        last_step: Opt<'_, '_>,
        minimum: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (name, now) = (opt_text(name, "name")?, time(now, "now")?);
            let given =
                Imported { uri, secret, kind, algorithm, digits, period, counter, last_step, minimum };
            let mut device = given.read()?;
            device.name = name.as_deref();
            Ok(self.core.import_device(&subject, record.as_deref(), &device, now)?.into())
        })
    }

    /// Take over another system's backup codes; each stays good until it is used or new ones are made.
    ///
    /// ``scheme`` is ``"plain"`` or ``"plain_loose"`` (codes in clear, of which case, spaces and hyphens count or
    /// do not), ``"sha256"``, ``"pbkdf2_sha256"`` (Django's hashes), ``"hmac_sha256"`` with ``keys``, or
    /// ``"drf_totp"``, whose ``keys`` are the site's ``SECRET_KEY`` and its fallbacks.
    #[pyo3(signature = (subject, record, codes, *, scheme, keys=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn import_backup_codes(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        codes: Arg<'_, '_>,
        scheme: Arg<'_, '_>,
        keys: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let codes = foreign_codes(codes, &text(scheme, "scheme")?, keys)?;
            let (record, now) = (record.as_deref(), time(now, "now")?);
            Ok(py.detach(|| self.core.import_backup_codes(&subject, record, &codes, now))?.into())
        })
    }
}
