"""How a session site is told what is missing: a page for a person, JSON for a program."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings as django_settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template import loader
from django.urls import NoReverseMatch, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from .conf import settings
from .faults import UNAVAILABLE

PAGES = {"second_factor_required": "step_up", "enrollment_required": "setup"}
"""The page on which a user does what a code of `enforcement` asks for."""
SIGN_IN_AGAIN = frozenset(("reauthentication_required", "session_ended"))
"""The codes after which the user goes to the sign-in."""
RETRY_SECONDS = 5


def refused(request: HttpRequest, body: dict[str, Any], page: str | None = None) -> HttpResponse:
    """The answer to a request that must show more first; `body` is a `Denial`'s.

    `page` is the name of the page to go to, where it is another one than the code's own. A session that was
    ended is emptied.
    """
    if body["code"] == "session_ended":
        logout(request)
    if wants_page(request):
        if body["code"] in SIGN_IN_AGAIN:
            return to_sign_in(_way_back(request))
        try:
            return to_page(request, page or PAGES[body["code"]], **_query(body))
        except NoReverseMatch:  # the project has its own pages, or none
            pass
    return JsonResponse(body, status=403, headers={"Cache-Control": "no-store"})


def unavailable(request: HttpRequest, code: str, detail: Any = UNAVAILABLE) -> HttpResponse:
    """503: nothing could be looked up, so nothing is granted."""
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    if not wants_page(request):
        return JsonResponse({"detail": detail, "code": code}, status=503, headers=headers)
    # Without the request: a context processor may need the database that is down.
    context = {"base_template": settings.PAGES_BASE_TEMPLATE, "detail": detail}
    text = loader.render_to_string("twinlock/pages/unavailable.html", context)
    return HttpResponse(text, status=503, headers=headers)


def throttled(request: HttpRequest, detail: str, seconds: int) -> HttpResponse:
    """429: too many requests; in so many seconds there may be more."""
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    if not wants_page(request):
        body = {"detail": detail, "code": "throttled", "retry_after": seconds}
        return JsonResponse(body, status=429, headers=headers)
    context = {
        "base_template": settings.PAGES_BASE_TEMPLATE,
        "detail": detail,
        "way_back": _way_back(request),
    }
    text = loader.render_to_string("twinlock/pages/too_many.html", context, request)
    return HttpResponse(text, status=429, headers=headers)


def to_page(request: HttpRequest, name: str, **query: Any) -> HttpResponse:
    """To one of Twinlock's pages, which leads back here. Raises NoReverseMatch where they are not routed."""
    url = f"{reverse(f'twinlock:{name}')}?{urlencode({**query, 'next': _way_back(request)})}"
    response = HttpResponseRedirect(url)
    add_never_cache_headers(response)
    return response


def is_routed(name: str) -> bool:
    """Whether the project has that page of Twinlock's."""
    try:
        reverse(f"twinlock:{name}")
    except NoReverseMatch:
        return False
    return True


def to_sign_in(way_back: str) -> HttpResponseRedirect:
    """To the project's LOGIN_URL, which leads to `way_back` where that is not empty."""
    from django.contrib.auth.views import redirect_to_login  # it wants the user model to be loaded

    return redirect_to_login(way_back) if way_back else redirect(django_settings.LOGIN_URL)


def wants_page(request: HttpRequest) -> bool:
    """Whether the request is a browser's that goes to a page, and no script's or other program's."""
    going = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return going and request.get_preferred_type(["text/html", "application/json"]) == "text/html"


def is_safe(request: HttpRequest, url: str) -> bool:
    """Whether a redirect may lead there: on this host, and not out of HTTPS."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _way_back(request: HttpRequest) -> str:
    """Where the user was. What was posted is not repeated; its form is where it came from."""
    referer = request.headers.get("Referer", "")
    if request.method not in ("GET", "HEAD") and is_safe(request, referer):
        return referer
    return request.get_full_path()


def _query(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("purpose", "max_age") if name in body}
