"""What `manage.py check` says about session sites: the middleware and the pages that it sends users to."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

from .. import answers
from ..routes import found_routes

MIDDLEWARE = "twinlock.django.middleware.SecondFactorMiddleware"
SENDERS = (
    "twinlock.django.admin_site.TwinlockAdminSite",
    "twinlock.django.pages.views.sign_in.TwinlockLoginView",
)
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"


def check_pages(**_: Any) -> list[CheckMessage]:
    """E008: a middleware or an admin site that cannot work. W015: pages without the middleware."""
    routed, asking = _is_routed(), _asking()
    found: list[CheckMessage] = []
    if routed and not asks_each_session():
        found.append(_without_middleware())
    if asking and not routed:
        message = f"{', '.join(asking)} has no pages to send users to, so nobody can show a second factor."
        hint = 'Route them: path("account/security/", include("twinlock.django.pages.urls")).'
        found.append(Error(message, hint=hint, id="twinlock.E008"))
    return [*found, *_order(list(django_settings.MIDDLEWARE))]


def asks_each_session() -> bool:
    """Whether every session is asked, however it began."""
    return MIDDLEWARE in django_settings.MIDDLEWARE


def _asking() -> list[str]:
    """What sends users to the pages."""
    kinds = {kind for route in found_routes() for kind in route.kinds}
    return [MIDDLEWARE] * asks_each_session() + sorted(kinds.intersection(SENDERS))


def _order(middleware: list[str]) -> list[CheckMessage]:
    if MIDDLEWARE not in middleware or AUTHENTICATION in middleware[: middleware.index(MIDDLEWARE)]:
        return []
    message = "SecondFactorMiddleware must come after AuthenticationMiddleware."
    return [Error(message, hint=f"Put it behind {AUTHENTICATION}.", id="twinlock.E008")]


def _without_middleware() -> CheckMessage:
    message = (
        "Sessions that begin elsewhere than on Twinlock's sign-in page are not asked for the second factor."
    )
    return Caution(message, hint=f"Put {MIDDLEWARE} into MIDDLEWARE.", id="twinlock.W015")


def _is_routed() -> bool:
    try:
        return answers.is_routed("second_step")
    except Exception:  # whatever the project's modules raise: Django's own check tells of it
        return False
