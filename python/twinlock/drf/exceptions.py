"""The answers of our own that are no success, as DRF's exceptions.

Imports nothing of DRF's views: DRF reads the authentication classes, and so this, while it defines them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException

from twinlock.django.faults import UNAVAILABLE
from twinlock.django.refusal_texts import sentence
from twinlock.django.throttle import CANNOT_COUNT, CANNOT_COUNT_CODE
from twinlock.errors import Fault, InternalFault, Refused, StoreFault

log = logging.getLogger("twinlock.drf")

BODY_LIMIT = 64 * 1024
REALM = 'Bearer realm="api"'


class BodyTooLarge(APIException):
    """413: the body is larger than any request to these endpoints can be."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = format_lazy(
        gettext_lazy("The request body is larger than {limit} bytes."), limit=BODY_LIMIT
    )
    default_code = "body_too_large"


class InvalidCredentials(APIException):
    """401: the name or the password is wrong, or the user may not sign in."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_detail = gettext_lazy("Invalid credentials.")
    default_code = "invalid_credentials"


class InvalidToken(APIException):
    """401: a token in the body does not count, in simplejwt's words."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "token_not_valid"
    auth_header = REALM

    def __init__(self, refusal: Refused) -> None:
        super().__init__(why_no_token(refusal))


class Denied(APIException):
    """403: the user is known, and something is missing that the body names for a program to act on.

    The body is the same under every exception handler, so a project's own views tell their clients, too.
    """

    status_code = status.HTTP_403_FORBIDDEN

    def __init__(self, code: str, detail: str, more: Mapping[str, Any]) -> None:
        super().__init__(detail, code)
        self.code = code
        # DRF would turn the numbers in it into texts.
        body: Any = {"detail": detail, "code": code, **more}
        self.detail = body

    def get_codes(self) -> Any:
        """The code: DRF would look for one in every member of the body."""
        return self.code


class Unavailable(APIException):
    """503: a key, a record or the store cannot be used. An operator's task, never the user's fault."""

    status_code: int = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = UNAVAILABLE
    wait: int | None = None

    def __init__(self, fault: Fault) -> None:
        super().__init__(code=fault.code)
        if isinstance(fault, StoreFault):
            self.wait = 5
        if isinstance(fault, InternalFault):
            self.status_code = status.HTTP_500_INTERNAL_SERVER_ERROR
        # Without a traceback: the frames hold what the user typed.
        log.error("%s: a request was answered with %d", fault.code, self.status_code)


class CounterUnavailable(APIException):
    """503: requests cannot be counted, so none is let through."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = CANNOT_COUNT
    default_code = CANNOT_COUNT_CODE
    wait = 5


def why_no_token(refusal: Refused) -> str:
    """simplejwt's sentence for a token that does not count, or the core's for a session that was ended."""
    if refusal.code in ("session_ended", "token_reused"):
        return sentence(refusal)
    return _("Token is expired") if refusal.code == "token_expired" else _("Token is invalid")
