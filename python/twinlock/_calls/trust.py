"""The calls about what a second factor is good for after sign-in: step-up and trusted devices."""

from __future__ import annotations

from twinlock._calls.base import Calls
from twinlock._twinlock import check_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twinlock._twinlock import Proof, TrustToken
    from twinlock._typing import Text


class TrustCalls(Calls):
    """The second factor once more for one purpose, or not for a while."""

    __slots__ = ()

    def step_up(
        self,
        subject: Text,
        *,
        purpose: Text,
        session: Text | None = None,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        now: int | None = None,
    ) -> Proof:
        """Ask a signed-in user once more, for one purpose; ``Engine.mint_access`` makes a token of the proof.

        ``session`` is the access token of the session that goes on in the new one.
        """
        return self._settle_answer(
            (otp,),
            check_subject(subject),
            lambda subject, record: self.engine.step_up(
                subject,
                record,
                purpose=purpose,
                session=session,
                otp=otp,
                backup=backup,
                any=any,
                now=now,
            ),
        )

    def trust_device(self, subject: Text, proof: Proof, name: Text, *, now: int | None = None) -> TrustToken:
        """Trust the device on which the proof's second factor was shown. Call it before a token is minted."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.trust_device(subject, record, proof, name, now=now),
        )

    def is_trusted(self, subject: Text, token: Text, *, now: int | None = None) -> bool:
        """Say whether a token is that of a trusted device. ``begin_sign_in`` asks this itself."""
        return self._look(
            check_subject(subject),
            lambda subject, record: self.engine.is_trusted(subject, record, token, now=now),
        )

    def revoke_trusted_devices(
        self, subject: Text, device_id: Text | None = None, *, now: int | None = None
    ) -> None:
        """End the trust in the device of that id, or in all."""
        return self._settle(
            check_subject(subject),
            lambda subject, record: self.engine.revoke_trusted_devices(subject, record, device_id, now=now),
        )
