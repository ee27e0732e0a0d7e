"""The calls that enroll devices and end it."""

from __future__ import annotations

from twinlock._calls.base import Calls
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

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
        kind: Literal["totp", "hotp", "steam"] | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        now: int | None = None,
    ) -> Setup:
        """Make a secret that waits for its first code. Show ``.qr_svg`` or ``.secret`` once.

        What is left out of kind and parameters is the policy's. Where a device is there: ``add_device``.
        """
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.begin_enrollment(
                subject,
                record,
                account=account,
                name=name,
                kind=kind,
                algorithm=algorithm,
                digits=digits,
                period=period,
                now=now,
            ),
        )

    def confirm_enrollment(self, subject: Text, code: Text, *, now: int | None = None) -> Enrolled:
        """Confirm with a first code, which is spent by that. Show ``.backup_codes`` once.

        They come with the first device only.
        """
        return self._settle_slowly(
            check_subject(subject),
            lambda subject, record: self.engine.confirm_enrollment(subject, record, code, now=now),
        )

    def check_enrollment(self, token: Text, *, now: int | None = None) -> str:
        """Make sure that an enrollment token opens enrollment, and return its subject.

        Call it before each of the two calls of an enrollment that follows a sign-in without a second factor.
        """
        return self._look(
            self.engine.enrollment_subject(token, now=now),
            lambda _, record: self.engine.check_enrollment(token, record, now=now),
        )

    def disable(
        self,
        subject: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> None:
        """Turn the second factor off after a right answer.

        ``step_up`` is an access token whose step-up was for ``disable``.
        """
        return self._settle_answer(
            (otp, step_up),
            check_subject(subject),
            lambda subject, record: self.engine.disable(
                subject, record, otp=otp, backup=backup, any=any, step_up=step_up, now=now
            ),
        )
