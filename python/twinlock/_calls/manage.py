"""The calls with which users and operators manage what is enrolled."""

from __future__ import annotations

from twinlock._calls.base import Calls
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twinlock._twinlock import Status
    from twinlock._typing import Text


class ManageCalls(Calls):
    """Backup codes, locks, the epoch, and what there is to see."""

    __slots__ = ()

    def regenerate_backup_codes(
        self,
        subject: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> list[str]:
        """Replace all backup codes after a right code of an authenticator. Show them once.

        ``step_up`` is an access token whose step-up was for ``regenerate_backup_codes``.
        """
        return self._settle_slowly(
            check_subject(subject),
            lambda subject, record: self.engine.regenerate_backup_codes(
                subject, record, otp=otp, backup=backup, any=any, step_up=step_up, now=now
            ),
        )

    def admin_regenerate_backup_codes(self, subject: Text, *, now: int | None = None) -> list[str]:
        """Replace all backup codes without an answer. For operators: the codes sign in."""
        return self._settle_slowly(
            check_subject(subject),
            lambda subject, record: self.engine.admin_regenerate_backup_codes(subject, record, now=now),
        )

    def set_method(
        self,
        subject: Text,
        method: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> None:
        """Store how the subject wants to be asked: ``"otp"``, ``"sent"`` or ``"off"``.

        With a device this needs an answer. ``step_up`` is an access token whose step-up was for
        ``set_method``.
        """
        return self._settle_answer(
            (otp, step_up),
            check_subject(subject),
            lambda subject, record: self.engine.set_method(
                subject, record, method, otp=otp, backup=backup, any=any, step_up=step_up, now=now
            ),
        )

    def unlock(self, subject: Text, *, now: int | None = None) -> None:
        """End every lock and clear the failure history. For operators."""
        return self._settle(
            check_subject(subject), lambda subject, record: self.engine.unlock(subject, record, now=now)
        )

    def admin_reset(self, subject: Text, *, now: int | None = None) -> None:
        """Turn the second factor off without an answer. For operators."""
        return self._settle(
            check_subject(subject), lambda subject, record: self.engine.admin_reset(subject, record, now=now)
        )

    def bump_epoch(self, subject: Text, *, now: int | None = None) -> None:
        """End all challenges and tokens of the subject, for instance after a password change."""
        return self._settle(
            check_subject(subject), lambda subject, record: self.engine.bump_epoch(subject, record, now=now)
        )

    def status(self, subject: Text, *, now: int | None = None) -> Status:
        """Describe the subject's second factor. Nothing secret is in it."""
        return self._look(
            check_subject(subject), lambda subject, record: self.engine.status(subject, record, now=now)
        )

    def reseal(self, subject: Text) -> bool:
        """Seal the record anew under the first key and the policy's cipher; say whether it was needed."""
        return self._replace(check_subject(subject), self.engine.reseal)
