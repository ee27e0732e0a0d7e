"""Where a client keeps a trusted device's token: in the cookie of `trust_cookie`, or by itself.

A client without cookies sends the header that `TWINLOCK["TRUST_HEADER"]` names, with its token or, before it
has one, with any text; it finds the next token in the body.
"""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django import trust_cookie
from twinlock.django.conf import settings
from twinlock.django.moments import moment
from twinlock.django.services import Trust


def shown(request: Request) -> str | None:
    """The token that a request shows; nothing says that it counts."""
    by_header = _header(request)
    return by_header if by_header is not None else trust_cookie.shown(request)


def give(response: Response, request: Request, trust: Trust) -> None:
    """Puts the token where the client keeps it."""
    response.data["trusted_device"] = True
    response.data["trust_expires_at"] = moment(trust.expires_at)
    if _header(request) is not None:
        response.data["trust_token"] = trust.token
    else:
        trust_cookie.give(response, trust)


def _header(request: Request) -> str | None:
    name = settings.TRUST_HEADER
    return None if name is None else request.headers.get(name)
