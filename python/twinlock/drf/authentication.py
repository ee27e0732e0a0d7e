"""Bearer authentication by our own access tokens.

A token counts only while its user is there and active and neither the password nor the second factor
changed since it was minted; that costs one query.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from twinlock.django.frames import without_locals
from twinlock.errors import Fault, Refused

from .exceptions import REALM, Unavailable, why_no_token


class TwinlockAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`. `request.auth` becomes the dict of the token's claims.

    TWINLOCK["JWT"]["HEADER_TYPES"] names other words than Bearer. Sliding tokens count where they are on.
    """

    @without_locals
    def authenticate(self, request: Request) -> tuple[Any, dict[str, Any]] | None:
        """The user and the claims; None where the header is not a bearer's."""
        token = _bearer(request)
        if token is None:
            return None
        # Imported here: DRF imports this module when a project first touches DRF, models loaded or not.
        from twinlock.django import services

        try:
            return services.verify_access(token)
        except Refused as refusal:
            raise _failure(token, refusal) from None
        except Fault as fault:
            raise Unavailable(fault) from None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """The challenge that makes DRF answer 401 rather than 403."""
        from twinlock.django.conf import settings

        return REALM.replace("Bearer", settings.JWT.HEADER_TYPES[0], 1)


def _bearer(request: Request) -> str | None:
    from twinlock.django.evidence import is_header_type

    parts = str(request.META.get("HTTP_AUTHORIZATION", "")).split()
    if not parts or not is_header_type(parts[0]):
        return None
    if len(parts) != 2:
        raise _failed(
            _("Authorization header must contain two space-delimited values"), "bad_authorization_header"
        )
    return parts[1]


def _failure(token: str, refusal: Refused) -> AuthenticationFailed:
    """Why the token does not count: whoever holds a genuine one may know what became of the user."""
    from twinlock.django import services, users

    try:
        user = users.find(services.engine().verify(token)["sub"])
    except Refused:
        return _not_valid(why_no_token(refusal))
    if user is None:
        return _failed(_("User not found"), "user_not_found")
    if not users.is_active(user):
        return _failed(_("User is inactive"), "user_inactive")
    return _not_valid(_("Token is invalid"))


def _not_valid(said: str) -> AuthenticationFailed:
    messages = [{"token_class": "AccessToken", "token_type": "access", "message": said}]
    return _failed(_("Given token not valid for any token type"), "token_not_valid", messages=messages)


def _failed(detail: str, code: str, **more: Any) -> AuthenticationFailed:
    return AuthenticationFailed({"detail": detail, "code": code, **more}, code=code)
