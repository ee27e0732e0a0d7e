"""How refusals, faults and DRF's own exceptions become answers.

Every answer that is not a field error has `detail`, the contract's sentence, and `code`, a stable name: of
the core's table of errors, or DRF's where DRF refuses. Field errors keep DRF's shape. The handler belongs
to our views alone; the project's EXCEPTION_HANDLER is for the project's views.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from twinlock.django.faults import TOO_MANY
from twinlock.django.moments import moment
from twinlock.django.refusal_texts import sentence
from twinlock.errors import Fault, Refused, StoreFault

from .exceptions import BodyTooLarge, Unavailable

INVALID_CHALLENGE = _("Invalid or expired challenge token.")
INVALID_CODE = _("Invalid 2FA code.")

_STATUS = {
    **dict.fromkeys(TOO_MANY, status.HTTP_429_TOO_MANY_REQUESTS),
    "device_unknown": status.HTTP_404_NOT_FOUND,
    "token_invalid": status.HTTP_401_UNAUTHORIZED,
    "token_expired": status.HTTP_401_UNAUTHORIZED,
    "second_factor_required": status.HTTP_403_FORBIDDEN,
    "enrollment_required": status.HTTP_403_FORBIDDEN,
}
_TEXTS = {
    "wrong_code": INVALID_CODE,
    "replayed": INVALID_CODE,
    "challenge_invalid": INVALID_CHALLENGE,
    "challenge_spent": INVALID_CHALLENGE,
}


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of our views. None: a defect, for Django to report."""
    if isinstance(exc, Refused):
        return refused(exc, context["view"].refusal_texts)
    # DRF's views import the default authentication classes, so ours must be importable before them.
    from rest_framework.views import exception_handler

    response = exception_handler(_as_api_exception(exc), context)
    if response is not None and isinstance(response.data, dict) and "detail" in response.data:
        _complete(response)
    return response


def refused(refusal: Refused, texts: Mapping[str, str]) -> Response:
    """The answer to a refusal, in the words of the endpoint, of the contract, or of the core.

    Only the sentence is in the user's language; `code` is what programs go by.
    """
    code = refusal.code
    detail = texts.get(code) or _TEXTS.get(code) or sentence(refusal)
    body: dict[str, Any] = {"detail": str(detail), "code": code}
    headers = {}
    if refusal.retry_after is not None:
        body["retry_after"] = refusal.retry_after
        headers["Retry-After"] = str(refusal.retry_after)
        if code == "locked":
            body["locked_until"] = moment(int(timezone.now().timestamp()) + refusal.retry_after)
    return Response(body, status=status_of(code), headers=headers)


def status_of(code: str) -> int:
    """The HTTP status of a refusal."""
    return _STATUS.get(code, status.HTTP_400_BAD_REQUEST)


def _as_api_exception(exc: Exception) -> Exception:
    if isinstance(exc, Fault):
        return Unavailable(exc)
    if isinstance(exc, (OperationalError, InterfaceError)):
        return Unavailable(StoreFault())
    if isinstance(exc, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(exc, (SuspiciousOperation, UnreadablePostError)):
        return ParseError()
    return exc


def _complete(response: Response) -> None:
    body = response.data
    code = body.get("code") or getattr(body["detail"], "code", "error")
    # `method_not_allowed` is the core's name for a kind of code that is not taken.
    body["code"] = "http_method_not_allowed" if code == "method_not_allowed" else code
    if "Retry-After" in response.headers:
        body["retry_after"] = int(response.headers["Retry-After"])
