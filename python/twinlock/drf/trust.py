"""Where a trusted device keeps its token: in a cookie that no script reads, or with a client of its own.

A client without cookies sends the header that `TWINLOCK["TRUST_HEADER"]` names, with its token or, before it
has one, with any text; it finds the next token in the body. The token alone opens nothing: it takes the place
of the second factor after a right password, so a request that another site forged with the cookie gains
nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django.conf import settings
from twinlock.django.moments import moment
from twinlock.django.services import Trust


def shown(request: Request) -> str | None:
    """The token that a request shows; nothing says that it counts."""
    by_header = _header(request)
    return by_header if by_header is not None else request.COOKIES.get(settings.TRUST_COOKIE_NAME)


def give(response: Response, request: Request, trust: Trust) -> None:
    """Puts the token where the client keeps it."""
    response.data["trusted_device"] = True
    response.data["trust_expires_at"] = moment(trust.expires_at)
    if _header(request) is not None:
        response.data["trust_token"] = trust.token
        return
    response.set_cookie(
        settings.TRUST_COOKIE_NAME,
        trust.token,
        max_age=max(0, trust.expires_at - int(timezone.now().timestamp())),
        secure=settings.TRUST_COOKIE_SECURE,
        httponly=True,
        **_place(),
    )


def forget(response: Response, request: Request) -> None:
    """Takes away a cookie that does not count any more."""
    if settings.TRUST_COOKIE_NAME in request.COOKIES:
        response.delete_cookie(settings.TRUST_COOKIE_NAME, **_place())


def _header(request: Request) -> str | None:
    name = settings.TRUST_HEADER
    return None if name is None else request.headers.get(name)


def _place() -> dict[str, Any]:
    return {
        "path": settings.TRUST_COOKIE_PATH,
        "domain": settings.TRUST_COOKIE_DOMAIN,
        "samesite": settings.TRUST_COOKIE_SAMESITE,
    }
