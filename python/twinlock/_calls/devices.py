"""The calls about the devices of a subject that has some, and about what comes from elsewhere."""

from __future__ import annotations

from twinlock._calls.base import Calls, several
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from twinlock._twinlock import OtpauthUri, Setup
    from twinlock._typing import SecretText, Text


class DeviceCalls(Calls):
    """Adding, naming, removing, setting right, importing."""

    __slots__ = ()

    def add_device(
        self,
        subject: Text,
        *,
        account: Text,
        name: Text | None = None,
        kind: Literal["totp", "hotp", "steam"] | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Setup:
        """Begin the enrollment of one more device after a right answer; ``confirm_enrollment`` ends it.

        ``step_up`` is an access token whose step-up was for ``add_device``.
        """
        return self._settle_answer(
            (otp, step_up),
            check_subject(subject),
            lambda subject, record: self.engine.add_device(
                subject,
                record,
                account=account,
                name=name,
                kind=kind,
                algorithm=algorithm,
                digits=digits,
                period=period,
                otp=otp,
                backup=backup,
                any=any,
                step_up=step_up,
                now=now,
            ),
        )

    def rename_device(self, subject: Text, device_id: Text, name: Text, *, now: int | None = None) -> None:
        """Give a device another name."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.rename_device(subject, record, device_id, name, now=now),
        )

    def remove_device(
        self,
        subject: Text,
        device_id: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Literal["one", "last"]:
        """Remove a device after a right answer; a code of the device itself will do.

        Returns ``"one"`` where others are left, ``"last"`` where the second factor is off by that.
        ``step_up`` is an access token whose step-up was for ``remove_device``.
        """
        return self._settle_answer(
            (otp, step_up),
            check_subject(subject),
            lambda subject, record: self.engine.remove_device(
                subject, record, device_id, otp=otp, backup=backup, any=any, step_up=step_up, now=now
            ),
        )

    def resync_device(
        self, subject: Text, device_id: Text, first: Text, second: Text, *, now: int | None = None
    ) -> None:
        """Find the counter of a counter device again by two codes that it showed one after the other."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.resync_device(
                subject, record, device_id, first, second, now=now
            ),
        )

    def import_device(
        self,
        subject: Text,
        *,
        uri: Text | OtpauthUri | None = None,
        secret: SecretText | None = None,
        kind: Literal["totp", "hotp", "steam"] | None = None,
        name: Text | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        counter: int | None = None,
        last_step: int | None = None,
        minimum: Literal["rfc4226", "legacy"] = "rfc4226",
        now: int | None = None,
    ) -> str:
        """Store a confirmed device that exists elsewhere and return its id. For operators: nothing is asked.

        Either ``uri`` (an ``otpauth://`` URI, or what :mod:`twinlock.otpauth` read) or ``secret`` with its
        parameters is given. ``counter`` is the next one of a counter device, ``last_step`` the last step of a
        time device that the other system accepted.
        """
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.import_device(
                subject,
                record,
                uri=uri,
                secret=secret,
                kind=kind,
                name=name,
                algorithm=algorithm,
                digits=digits,
                period=period,
                counter=counter,
                last_step=last_step,
                minimum=minimum,
                now=now,
            ),
        )

    def import_backup_codes(
        self,
        subject: Text,
        codes: Iterable[Text],
        *,
        scheme: Text,
        keys: Iterable[Text] | None = None,
        now: int | None = None,
    ) -> None:
        """Take over another system's backup codes; each stays good until it is used or new ones are made.

        ``scheme`` is ``"plain"`` or ``"plain_loose"`` (codes in clear, of which case, spaces and hyphens
        count or do not), ``"sha256"``, ``"pbkdf2_sha256"`` (Django's hashes), ``"hmac_sha256"`` with
        ``keys``, or ``"drf_totp"``, whose ``keys`` are the site's ``SECRET_KEY`` and its fallbacks.
        """
        codes, keys = several(codes), None if keys is None else several(keys)
        return self._settle_slowly(
            check_subject(subject),
            lambda subject, record: self.engine.import_backup_codes(
                subject, record, codes, scheme=scheme, keys=keys, now=now
            ),
        )
