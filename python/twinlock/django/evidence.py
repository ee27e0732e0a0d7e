"""How a request shows who signed in, when and with what.

`TWINLOCK["EVIDENCE"]` names callables that are given the request and return an `Evidence` or None; the first
that finds one wins. `bearer` reads `Authorization: Bearer <access token>`. A host with another
kind of sign-in writes a subclass and such a callable.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from . import services
from .conf import settings
from .frames import without_locals

Find = Callable[[HttpRequest], "Evidence | None"]


class Evidence(ABC):
    """What is known of the sign-in behind a request."""

    user: Any
    auth_time: int | None
    """Unix seconds of the sign-in, or of the last step-up; None where nobody knows."""
    amr: tuple[str, ...]
    """The methods (RFC 8176); `mfa` is among them after a second factor."""
    takes_sent_codes = False
    """Whether its user can be sent a code to step up with."""

    @abstractmethod
    def is_fresh(self, purpose: str, max_age: int) -> bool:
        """Whether a second factor was shown for this purpose, or at sign-in, in so many seconds."""

    def answer(self, request: HttpRequest, body: dict[str, Any]) -> HttpResponse:  # noqa: ARG002
        """The answer to a request that is refused, for `body["code"]`; a page may redirect instead."""
        return JsonResponse(body, status=403, headers={"Cache-Control": "no-store"})


class TokenEvidence(Evidence):
    """An access token that `services.verify_access` has accepted, and what it returned."""

    takes_sent_codes = True

    def __init__(self, token: str, user: Any, claims: dict[str, Any]) -> None:
        self.token = token
        self.claims = claims
        self.user = user
        self.auth_time = claims.get("auth_time")
        self.amr = tuple(claims.get("amr", ()))

    def is_fresh(self, purpose: str, max_age: int) -> bool:
        """As the core has it: asked of the signed token, never of claims that somebody hands in."""
        return services.shows_step_up(self.token, purpose, max_age=max_age)


def find(request: HttpRequest) -> Evidence | None:
    """The evidence in a request. Refused: `token_expired`, `token_invalid` for one that does not count."""
    for path in settings.EVIDENCE:
        finder: Find = import_string(path)
        found = finder(request)
        if found is not None:
            return found
    return None


@without_locals
def bearer(request: HttpRequest) -> Evidence | None:
    """The evidence of an access token in the request's header."""
    token = bearer_token(request)
    return None if token is None else TokenEvidence(token, *services.verify_access(token))


def is_header_type(word: str) -> bool:
    """Whether an Authorization header that begins so brings a token of ours."""
    return word.lower() in [known.lower() for known in settings.JWT.HEADER_TYPES]


def bearer_token(request: Any) -> str | None:
    """What stands behind `Bearer`, or another word of TWINLOCK["JWT"]["HEADER_TYPES"], in the header."""
    scheme, _, token = str(request.META.get("HTTP_AUTHORIZATION", "")).strip().partition(" ")
    return token.strip() if is_header_type(scheme) else None
