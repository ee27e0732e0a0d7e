"""What `manage.py check` says about session sites: the middleware and the pages that it sends users to."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.urls import reverse

MIDDLEWARE = "twinlock.django.middleware.SecondFactorMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"


def check_pages(**_: Any) -> list[CheckMessage]:
    """E008: a middleware that cannot work. W015: pages without it."""
    used, routed = asks_each_session(), _is_routed()
    if not used:
        return [_without_middleware()] if routed else []
    found: list[CheckMessage] = []
    if not routed:
        message = "SecondFactorMiddleware has no pages to send users to, so it answers 403 instead."
        hint = 'Route them: path("account/security/", include("twinlock.django.pages.urls")).'
        found.append(Error(message, hint=hint, id="twinlock.E008"))
    order = list(django_settings.MIDDLEWARE)
    if AUTHENTICATION not in order or order.index(AUTHENTICATION) > order.index(MIDDLEWARE):
        message = "SecondFactorMiddleware must come after AuthenticationMiddleware."
        found.append(Error(message, hint=f"Put it behind {AUTHENTICATION}.", id="twinlock.E008"))
    return found


def asks_each_session() -> bool:
    """Whether every session is asked, however it began."""
    return MIDDLEWARE in django_settings.MIDDLEWARE


def _without_middleware() -> CheckMessage:
    message = (
        "Sessions that begin elsewhere than on Twinlock's sign-in page are not asked for the second factor."
    )
    return Caution(message, hint=f"Put {MIDDLEWARE} into MIDDLEWARE.", id="twinlock.W015")


def _is_routed() -> bool:
    try:
        reverse("twinlock:second_step")
    except (
        Exception
    ):  # NoReverseMatch, or whatever the project's modules raise: Django's own check tells of it
        return False
    return True
