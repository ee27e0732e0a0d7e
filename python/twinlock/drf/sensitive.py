"""How a request answers for a sensitive action: with a code in it, or as a step-up for just that action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from rest_framework.request import Request

from twinlock.django import enforcement, services
from twinlock.django.evidence import TokenEvidence
from twinlock.errors import Refused

from .permissions import denied, evidence_of

METHODS = ("otp", "backup")


def answer_of(
    request: Request, fields: Mapping[str, Any], purpose: str, methods: Sequence[str] = METHODS
) -> dict[str, Any]:
    """`otp=`, `backup=` or `step_up=` for the service that does it; empty where the request has none.

    A step-up is the caller's access token where it is fresh, was made for this purpose, and by one of the
    methods: that a user signed in a minute ago is not enough to change how the account is protected.
    """
    codes = {name: fields[f"{name}_code"] for name in METHODS if f"{name}_code" in fields}
    if codes:
        return codes
    found = evidence_of(request)
    if (
        isinstance(found, TokenEvidence)
        and found.claims.get("purpose") == purpose
        and not set(methods).isdisjoint(found.amr)
        and found.is_fresh(purpose, services.step_up_age())
    ):
        return {"step_up": found.token}
    return {}


def required_answer(
    request: Request, fields: Mapping[str, Any], purpose: str, methods: Sequence[str] = METHODS
) -> dict[str, Any]:
    """As `answer_of`; where the request has none, the 403 that says what to ask the user for."""
    return answer_of(request, fields, purpose, methods) or ask(request.user, purpose, methods)


def ask(user: Any, purpose: str, methods: Sequence[str] = METHODS) -> NoReturn:
    """Raises the 403 that names the purpose and what the user can answer with."""
    found = services.status(user)
    if not found.enabled:
        raise Refused("not_enrolled")
    usable = [method for method in methods if method in services.methods_of(found)]
    raise denied(enforcement.second_factor_denial(purpose, usable))
