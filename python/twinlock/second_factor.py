"""An engine and a store in one object: each call loads, decides, stores and only then answers."""

from __future__ import annotations

import os
import time

from twinlock._twinlock import check_subject
from twinlock.errors import CommitLost, Refused, StoreFault, TwinlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from twinlock._twinlock import AccessToken, Engine, Enrolled, Pending, Proof, Setup, SignIn, Status
    from twinlock._typing import Text
    from twinlock.stores import Store

    T = TypeVar("T")

__all__ = ["SecondFactor"]


class SecondFactor:
    """The calls of an :class:`~twinlock.Engine` with the records of a store.

    A race for one record is run again with the newer record, up to ``attempts`` times; then the call
    is refused as ``contended``, with nothing revealed and nothing counted. A failing store raises
    :class:`~twinlock.StoreFault` and grants nothing. Share one object between all threads.
    """

    __slots__ = ("_attempts", "engine", "store")

    def __init__(self, engine: Engine, store: Store, *, attempts: int = 8) -> None:
        if attempts < 1:
            raise ValueError("attempts must be at least 1")
        self.engine = engine
        self.store = store
        self._attempts = attempts

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
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.confirm_enrollment(subject, record, code, now=now),
        )

    def begin_sign_in(
        self,
        subject: Text,
        *,
        methods: Iterable[Text] = ("pwd",),
        at: int | None = None,
        binding: Text | None = None,
        now: int | None = None,
    ) -> SignIn:
        """Say that the first factor was passed: gives a challenge, or a proof where no second is set."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.begin_sign_in(
                subject, record, methods=methods, at=at, binding=binding, now=now
            ),
        )

    def finish_sign_in(
        self,
        challenge: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        binding: Text | None = None,
        now: int | None = None,
    ) -> Proof:
        """Check the answer to a challenge. Exactly one of ``otp``, ``backup`` and ``any`` is given."""
        return self._settle(
            self.engine.challenge_subject(challenge, now=now),
            lambda _, record: self.engine.finish_sign_in(
                record, challenge, otp=otp, backup=backup, any=any, binding=binding, now=now
            ),
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
        self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.disable(
                subject, record, otp=otp, backup=backup, any=any, now=now
            ),
        )

    def regenerate_backup_codes(
        self,
        subject: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        now: int | None = None,
    ) -> list[str]:
        """Replace all backup codes after a right code of an authenticator. Show them once."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.regenerate_backup_codes(
                subject, record, otp=otp, backup=backup, any=any, now=now
            ),
        )

    def admin_regenerate_backup_codes(self, subject: Text, *, now: int | None = None) -> list[str]:
        """Replace all backup codes without an answer. For operators: the codes sign in."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.admin_regenerate_backup_codes(subject, record, now=now),
        )

    def unlock(self, subject: Text, *, now: int | None = None) -> None:
        """End every lock and clear the failure history. For operators."""
        self._settle(
            check_subject(subject), lambda subject, record: self.engine.unlock(subject, record, now=now)
        )

    def admin_reset(self, subject: Text, *, now: int | None = None) -> None:
        """Turn the second factor off without an answer. For operators."""
        self._settle(
            check_subject(subject), lambda subject, record: self.engine.admin_reset(subject, record, now=now)
        )

    def bump_epoch(self, subject: Text, *, now: int | None = None) -> None:
        """End all challenges and tokens of the subject, for instance after a password change."""
        self._settle(
            check_subject(subject), lambda subject, record: self.engine.bump_epoch(subject, record, now=now)
        )

    def status(self, subject: Text, *, now: int | None = None) -> Status:
        """Describe the subject's second factor. Nothing secret is in it."""
        subject = check_subject(subject)
        return self.engine.status(subject, self._load(subject)[0], now=now)

    def refresh(self, token: Text, *, now: int | None = None) -> AccessToken:
        """Give a new access token for a refresh token whose epoch is still the record's."""
        record, _ = self._load(self.engine.refresh_subject(token, now=now))
        return self.engine.refresh(token, record, now=now)

    def _settle(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        for attempt in range(self._attempts):
            if attempt:
                _wait(attempt)
            record, version = self._load(subject)
            pending = decide(subject, record)
            try:
                return pending.commit(self._save(subject, pending.record, version))
            except CommitLost:
                continue
        raise Refused("contended", retry_after=1)

    def _load(self, subject: str) -> tuple[bytes | None, int]:
        try:
            row = self.store.load(subject)
            return (None, 0) if row is None else (row[0], row[1])
        except TwinlockError:
            raise
        except Exception as error:
            raise StoreFault from error

    def _save(self, subject: str, record: bytes | None, version: int) -> bool:
        if record is None:
            return True
        try:
            return self.store.save(subject, record, version)
        except TwinlockError:
            raise
        except Exception as error:
            raise StoreFault from error


def _wait(attempt: int) -> None:
    """Sleep for a random time below 2, 4, 8 … 32 ms, so that rivals do not meet again."""
    longest = 0.001 * 2 ** min(attempt, 5)
    time.sleep(longest * os.urandom(1)[0] / 255)
