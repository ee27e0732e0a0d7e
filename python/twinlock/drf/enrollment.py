"""Enrollment tokens over HTTP: what a sign-in answers with, and the two endpoints that take one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from twinlock.django import enforcement, evidence, services
from twinlock.django.frames import without_locals
from twinlock.django.moments import moment
from twinlock.errors import Fault, Refused

from .exceptions import Unavailable
from .permissions import denied, evidence_of

if TYPE_CHECKING:
    from twinlock import EnrollmentToken


class EnrollmentTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <enrollment token>`, for the endpoints of enrollment alone.

    Any other text is left to the `others`. `request.auth` becomes `{"token_type": "enrollment"}`.
    """

    def __init__(self, others: Sequence[BaseAuthentication]) -> None:
        self._others = others

    @without_locals
    def authenticate(self, request: Request) -> tuple[Any, dict[str, Any]] | None:
        """The user whom the token lets enroll."""
        token = evidence.bearer_token(request)
        if token is None:
            return None
        try:
            user = services.check_enrollment_token(token, request=request)
        except Refused:
            return None
        except Fault as fault:
            raise Unavailable(fault) from None
        return user, {"token_type": "enrollment"}

    def authenticate_header(self, request: Request) -> str | None:
        """What the project's first class says: DRF asks the first class of all."""
        return self._others[0].authenticate_header(request) if self._others else None


def enrollment_only(user: Any, token: EnrollmentToken) -> dict[str, Any]:
    """The body that says that a sign-in opens enrollment and nothing else."""
    return {
        "enrollment_required": True,
        "enrollment_token": services.bind_enrollment_token(user, token.token),
        "expires_at": moment(token.expires_at),
    }


def enrollment_due(user: Any) -> dict[str, Any]:
    """The member of an answer that says until when a user without a second factor may put it off."""
    end = services.grace_ends_at(user)
    return {} if end is None else {"enrollment_due_at": moment(end.timestamp())}


def check_recent_sign_in(request: Request) -> None:
    """Refuses to start a first enrollment on an old sign-in: 403 `reauthentication_required`."""
    if isinstance(request.successful_authenticator, EnrollmentTokenAuthentication):
        return  # its life is shorter than any sign-in's age that counts
    denial = enforcement.first_enrollment_denial(evidence_of(request))
    if denial is not None:
        raise denied(denial)
