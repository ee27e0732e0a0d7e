"""What `manage.py check` says about ways to sign in that never ask for the second factor.

The URLconf is searched for the login views of Django, DRF and well-known packages, by the names of their
classes and of the classes that they are made from. A view of that kind that does ask has the attribute
`asks_for_second_factor = True`; a warning that a project has an answer to is silenced by its id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.checks import CheckMessage
from django.core.checks import Warning as Caution

from ..routes import Route, found_routes
from .pages import asks_each_session

MARK = "asks_for_second_factor"
SHOWN = 5
SESSIONS = frozenset(("twinlock.W011", "twinlock.W012"))
"""Ways into a session, which SecondFactorMiddleware stops behind them."""
RESET = "django.contrib.auth.views.PasswordResetConfirmView"
RESET_LOGIN = "post_reset_login"
BASIC = "rest_framework.authentication.BasicAuthentication"


class Bypass(NamedTuple):
    """A kind of view that signs in by the password alone, and what to do about it."""

    id: str
    names: tuple[str, ...]
    message: str
    hint: str


BYPASSES = (
    Bypass(
        "twinlock.W010",
        (
            "rest_framework_simplejwt.views.TokenObtainPairView",
            "rest_framework_simplejwt.views.TokenObtainSlidingView",
            "rest_framework.authtoken.views.ObtainAuthToken",
            "knox.views.LoginView",
            "djoser.views.TokenCreateView",
            "dj_rest_auth.views.LoginView",
        ),
        "gives tokens for a password without asking for the second factor",
        "Route jwt/create/ of twinlock.drf.urls in its place, and remove this view.",
    ),
    Bypass(
        "twinlock.W011",
        ("django.contrib.auth.views.LoginView", "allauth.account.views.LoginView"),
        "begins a session for a password without asking for the second factor",
        "Use twinlock.django.pages.views.sign_in.TwinlockLoginView, or SecondFactorMiddleware.",
    ),
    Bypass(
        "twinlock.W012",
        ("django.contrib.admin.sites.AdminSite",),
        "lets staff into the admin for a password without asking for the second factor",
        "Put twinlock.django.admin_apps.TwinlockAdminConfig into INSTALLED_APPS in its place.",
    ),
    Bypass(
        "twinlock.W014",
        ("oauth2_provider.views.base.TokenView", "oauth2_provider.views.TokenView"),
        "may give tokens for a password (the OAuth password grant, RFC 6749 section 4.3)",
        "Allow no application that grant (RFC 9700 section 2.4 forbids it), then silence this warning.",
    ),
)


def check_login_routes(**_: Any) -> list[CheckMessage]:
    """W010 to W014, W016: routes by which a password alone signs in, or a new one."""
    found = [route for route in found_routes() if not getattr(route.view, MARK, False)]
    ways = [bypass for bypass in BYPASSES if bypass.id not in SESSIONS or not asks_each_session()]
    warnings = [_warning(bypass, [r.path for r in found if _is(r, bypass)]) for bypass in ways]
    return [warning for warning in (*warnings, _basic(found), _reset(found)) if warning is not None]


def _is(route: Route, bypass: Bypass) -> bool:
    return not set(route.kinds).isdisjoint(bypass.names)


def _basic(found: list[Route]) -> CheckMessage | None:
    """W013: DRF views that take name and password with each request."""
    hint = (
        "Leave BasicAuthentication out of REST_FRAMEWORK['DEFAULT_AUTHENTICATION_CLASSES'] (it is in DRF's "
        "own default) and out of the views, and put twinlock.drf.authentication.TwinlockAuthentication there."
    )
    message = "takes a password with each request (BasicAuthentication) and never the second factor"
    return _warning(
        Bypass("twinlock.W013", (), message, hint), [r.path for r in found if BASIC in _schemes(r)]
    )


def _reset(found: list[Route]) -> CheckMessage | None:
    """W016: a view for a new password that goes on to a login by itself."""
    message = "begins a session after a password reset without asking for the second factor"
    hint = (
        "Use twinlock.django.pages.views.sign_in.TwinlockPasswordResetConfirmView, or "
        "SecondFactorMiddleware, or leave post_reset_login off."
    )
    paths = [] if asks_each_session() else [route.path for route in found if _logs_in_after_reset(route)]
    return _warning(Bypass("twinlock.W016", (), message, hint), paths)


def _logs_in_after_reset(route: Route) -> bool:
    chosen = route.options.get(RESET_LOGIN, getattr(route.view, RESET_LOGIN, False))
    return RESET in route.kinds and bool(chosen)


def _schemes(route: Route) -> Iterator[str]:
    for scheme in getattr(route.view, "authentication_classes", None) or ():
        for part in getattr(scheme, "__mro__", ()):
            yield f"{part.__module__}.{part.__qualname__}"


def _warning(bypass: Bypass, paths: list[str]) -> CheckMessage | None:
    if not paths:
        return None
    named = ", ".join(paths[:SHOWN]) + (f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else "")
    return Caution(f"{named} {bypass.message}.", hint=bypass.hint, id=bypass.id)
