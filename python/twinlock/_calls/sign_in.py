"""The calls of a sign-in."""

from __future__ import annotations

from twinlock._calls.base import Calls, several
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from twinlock._twinlock import EnrollmentToken, Proof, SentCode, SignIn
    from twinlock._typing import Text


class SignInCalls(Calls):
    """From the first factor to a proof."""

    __slots__ = ()

    def begin_sign_in(
        self,
        subject: Text,
        *,
        methods: Iterable[Text] = ("pwd",),
        at: int | None = None,
        binding: Text | None = None,
        trust_token: Text | None = None,
        now: int | None = None,
    ) -> SignIn:
        """Say that the first factor was passed. ``.outcome`` of what it returns says what comes next.

        ``trust_token`` is what the client has from ``trust_device``; text that is none changes nothing.
        """
        methods = several(methods)
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.begin_sign_in(
                subject,
                record,
                methods=methods,
                at=at,
                binding=binding,
                trust_token=trust_token,
                now=now,
            ),
        )

    def finish_sign_in(
        self,
        challenge: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        sent: Text | None = None,
        any: Text | None = None,
        binding: Text | None = None,
        now: int | None = None,
    ) -> Proof:
        """Check the answer to a challenge. Just one of ``otp``, ``backup``, ``sent``, ``any`` is given."""
        return self._settle_answer(
            (otp, sent),
            self.engine.challenge_subject(challenge, now=now),
            lambda _, record: self.engine.finish_sign_in(
                record, challenge, otp=otp, backup=backup, sent=sent, any=any, binding=binding, now=now
            ),
        )

    def finish_for_enrollment(
        self,
        challenge: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        sent: Text | None = None,
        any: Text | None = None,
        binding: Text | None = None,
        now: int | None = None,
    ) -> EnrollmentToken:
        """Check the answer to a challenge whose ``SignIn.gives`` is ``"enrollment"``."""
        return self._settle_answer(
            (otp, sent),
            self.engine.challenge_subject(challenge, now=now),
            lambda _, record: self.engine.finish_for_enrollment(
                record, challenge, otp=otp, backup=backup, sent=sent, any=any, binding=binding, now=now
            ),
        )

    def send_code(self, challenge: Text, *, binding: Text | None = None, now: int | None = None) -> SentCode:
        """Make a code for a challenge, the first one or another in its place, for the host to deliver."""
        return self._settle(
            self.engine.challenge_subject(challenge, now=now),
            lambda _, record: self.engine.send_code(record, challenge, binding=binding, now=now),
        )
