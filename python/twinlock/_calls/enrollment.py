"""The calls that enroll devices and end it."""

from __future__ import annotations

from twinlock._calls.base import Calls
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twinlock._twinlock import Enrolled, Setup
    from twinlock._typing import Text


class EnrollmentCalls(Calls):
    """From no second factor to one, and back."""

    __slots__ = ()

    def begin_enrollment(
        self,
        subject: Text,
        *,
        account: Text,
        name: Text | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        now: int | None = None,
    ) -> Setup:
        """Make a secret that waits for its first code. Show ``.qr_svg`` or ``.secret`` once."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.begin_enrollment(
                subject,
                record,
                account=account,
                name=name,
                algorithm=algorithm,
                digits=digits,
                period=period,
                now=now,
            ),
        )

    def confirm_enrollment(self, subject: Text, code: Text, *, now: int | None = None) -> Enrolled:
        """Confirm with a first code, which is spent by that. Show ``.backup_codes`` once."""
        return self._settle_slowly(
            check_subject(subject),
            lambda subject, record: self.engine.confirm_enrollment(subject, record, code, now=now),
        )

    def disable(
        self,
        subject: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        now: int | None = None,
    ) -> None:
        """Turn the second factor off after a right answer."""
        settle = self._settle_slowly if otp is None else self._settle
        return settle(
            check_subject(subject),
            lambda subject, record: self.engine.disable(
                subject, record, otp=otp, backup=backup, any=any, now=now
            ),
        )
