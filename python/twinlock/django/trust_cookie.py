"""The cookie in which a browser that is a trusted device keeps its token. No script can read it.

The token alone opens nothing: it takes the place of the second factor after a right password, so a request
that another site forged with the cookie gains nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from .conf import settings
from .services import Trust


def shown(request: Any) -> str | None:
    """The token that a request brings; nothing says that it counts."""
    found: str | None = request.COOKIES.get(settings.TRUST_COOKIE_NAME)
    return found


def give(response: Any, trust: Trust) -> None:
    """Sets the cookie for as long as the trust lasts."""
    response.set_cookie(
        settings.TRUST_COOKIE_NAME,
        trust.token,
        max_age=max(0, trust.expires_at - int(timezone.now().timestamp())),
        secure=settings.TRUST_COOKIE_SECURE,
        httponly=True,
        **_place(),
    )


def forget(response: Any, request: Any) -> None:
    """Takes away a cookie that does not count any more."""
    if settings.TRUST_COOKIE_NAME in request.COOKIES:
        response.delete_cookie(settings.TRUST_COOKIE_NAME, **_place())


def _place() -> dict[str, Any]:
    return {
        "path": settings.TRUST_COOKIE_PATH,
        "domain": settings.TRUST_COOKIE_DOMAIN,
        "samesite": settings.TRUST_COOKIE_SAMESITE,
    }
