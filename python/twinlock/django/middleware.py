"""`SecondFactorMiddleware`: no session goes on without the second factor, however it began.

Put it behind Django's AuthenticationMiddleware, and route `twinlock.django.pages.urls`. It sends a user whose
session has not shown the second factor to the page that asks for it, and one who must set one up to that
page; programs get a 403 with a code, and where nothing can be looked up the answer is 503. Views that must
stay open are named in `TWINLOCK["EXEMPT_URLS"]` or marked with `second_factor_exempt`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings as django_settings
from django.contrib.auth.views import LogoutView
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from twinlock.errors import Fault, StoreFault

from . import answers, gate
from .conf import settings

View = TypeVar("View", bound=Callable[..., Any])

MARK = "second_factor_exempt"


def second_factor_exempt(view: View) -> View:
    """Marks a view that a session may use before its second factor; a class of views has it as attribute."""
    setattr(view, MARK, True)
    return view


class SecondFactorMiddleware:
    """Asks before each view; works in WSGI and ASGI."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Hands the request on; the view is not chosen here."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        """The answer in place of the view's, or None. Django runs it in a thread where the view is async."""
        if _is_exempt(request, view):
            return None
        try:
            missing = gate.missing(request)
        except Fault as fault:
            return answers.unavailable(request, fault.code)
        except (OperationalError, InterfaceError):  # the session or the user could not be read
            return answers.unavailable(request, StoreFault().code)
        return None if missing is None else answers.refused(request, missing.denial.body(), missing.page)


def _is_exempt(request: HttpRequest, view: Any) -> bool:
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    if getattr(kind, MARK, False) or getattr(view, MARK, False):
        return True
    if isinstance(kind, type) and issubclass(kind, LogoutView):
        return True
    match = request.resolver_match
    return _is_static(request) or (match is not None and match.view_name in settings.EXEMPT_URLS)


def _is_static(request: HttpRequest) -> bool:
    """Whether the path is below STATIC_URL, where a project in development serves its files."""
    prefix = str(getattr(django_settings, "STATIC_URL", None) or "")
    return len(prefix) > 1 and prefix.startswith("/") and request.path.startswith(prefix)
