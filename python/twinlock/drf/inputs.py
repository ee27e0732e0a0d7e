"""What requests bring for the services: codes, step-ups, and values that only the core can judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from twinlock.django import services
from twinlock.errors import ArgumentFault, Refused

from .authentication import bearer_token
from .described import methods_of
from .exceptions import SecondFactorRequired

CODES = ("otp", "backup", "sent")
FIELDS = {"digits_invalid": "digits", "period_invalid": "period"}


def code_in(fields: Mapping[str, Any]) -> dict[str, str]:
    """The code among the request's fields, by its kind."""
    return {kind: fields[f"{kind}_code"] for kind in CODES if f"{kind}_code" in fields}


def required_answer(request: Request, fields: Mapping[str, Any], purpose: str) -> dict[str, str]:
    """`otp=`, `backup=` or `step_up=` for the service; where there is none, a 403 that says what is taken.

    An access token counts only where it came of a step-up for this purpose: that a user signed in a minute
    ago is not enough to change how the account is protected.
    """
    code = code_in(fields)
    if code:
        return code
    token = bearer_token(request)
    if token and isinstance(request.auth, Mapping) and request.auth.get("purpose") == purpose:
        return {"step_up": token}
    found = services.status(request.user)
    if not found.enabled:
        raise Refused("not_enrolled")
    raise SecondFactorRequired(methods_of(found))


@contextmanager
def field_errors(names: Mapping[str, Any]) -> Iterator[None]:
    """A value that the core cannot take is an error of the field that it came in."""
    try:
        yield
    except ArgumentFault as fault:
        field = FIELDS.get(fault.code, fault.about) or ""
        if field not in names:
            raise
        raise ValidationError({field: [str(ArgumentFault(fault.code))]}) from None
