"""The calls of a sign-in, and what comes after it."""

from __future__ import annotations

from twinlock._calls.base import Calls
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from twinlock._twinlock import AccessToken, Proof, SignIn
    from twinlock._typing import Text


class SignInCalls(Calls):
    """From the first factor to a proof, and from a refresh token to an access token."""

    __slots__ = ()

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
        settle = self._settle_slowly if otp is None else self._settle
        return settle(
            self.engine.challenge_subject(challenge, now=now),
            lambda _, record: self.engine.finish_sign_in(
                record, challenge, otp=otp, backup=backup, any=any, binding=binding, now=now
            ),
        )

    def refresh(self, token: Text, *, now: int | None = None) -> AccessToken:
        """Give a new access token for a refresh token whose epoch is still the record's."""
        return self._look(
            self.engine.refresh_subject(token, now=now),
            lambda _, record: self.engine.refresh(token, record, now=now),
        )
