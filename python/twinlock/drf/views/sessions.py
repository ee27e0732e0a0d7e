"""The sessions of a user: the list, and the ways to end them."""

from __future__ import annotations

from typing import Any

from rest_framework import status as http
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django import services
from twinlock.django.models import RefreshSession
from twinlock.django.moments import moment
from twinlock.errors import Refused

from ..authentication import TwinlockAuthentication
from ..base import Contract
from ..exceptions import REALM
from ..serializers.codes import NoInput
from ..serializers.tokens import LogoutInput
from ..throttle import UserThrottle
from .tokens import TokenView, no_token


class JWTLogoutView(TokenView):
    """Ends one session, by either of its tokens: the access token may have ended before."""

    serializer_class = LogoutInput
    throttle_group = "jwt-logout"

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """Nobody authenticates before `post`, and yet a caller without any token is answered 401."""
        return REALM

    def post(self, request: Request, **_: Any) -> Response:
        """A refresh or sliding token in the body, or a bearer token: the session is over."""
        token = self.validated(request).get("refresh")
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        if token is None:
            user, session = _bearer(request)
            services.revoke_session(user, session, event="logged_out", **told)
            return Response(status=http.HTTP_204_NO_CONTENT)
        try:
            services.logout(token, **told)
        except Refused as refusal:
            raise no_token(refusal) from None
        return Response(status=http.HTTP_204_NO_CONTENT)


class SignedInView(Contract, GenericAPIView[Any]):
    """What a user does with the own sessions."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (UserThrottle,)
    throttle_group = "jwt-sessions"
    serializer_class = NoInput


class JWTLogoutAllView(SignedInView):
    """Ends everything that the user's sign-ins left."""

    throttle_group = "jwt-logout-all"

    def post(self, request: Request, **_: Any) -> Response:
        """All sessions, access tokens, open challenges and trusted devices are over, this session, too."""
        services.logout_all(request.user, request=request, sender=type(self))
        return Response(status=http.HTTP_204_NO_CONTENT)


class JWTSessionsView(SignedInView):
    """The list."""

    def get(self, request: Request, **_: Any) -> Response:
        """The living sessions, the last used first; nothing in them opens anything."""
        current = _session_of(request)
        found = services.living_sessions(request.user)
        return Response({"sessions": [_described(session, current) for session in found]})


class JWTSessionView(SignedInView):
    """One of them."""

    def delete(self, request: Request, session_id: str, **_: Any) -> Response:
        """Ends the session; 404 for one that is over or another user's."""
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        if not services.revoke_session(request.user, session_id, **told):
            raise NotFound
        return Response(status=http.HTTP_204_NO_CONTENT)


def _bearer(request: Request) -> tuple[Any, str]:
    found = TwinlockAuthentication().authenticate(request)
    if found is None:
        raise NotAuthenticated
    user, claims = found
    return user, str(services.session_of(claims) or "")


def _session_of(request: Request) -> str | None:
    return services.session_of(request.auth) if isinstance(request.auth, dict) else None


def _described(session: RefreshSession, current: str | None) -> dict[str, Any]:
    return {
        "id": session.pk,
        "device": session.device,
        "address": session.address,
        "created_at": _moment(session.created_at),
        "last_used_at": _moment(session.last_used_at),
        "expires_at": _moment(session.expires_at),
        "current": session.pk == current,
    }


def _moment(when: Any) -> str | None:
    return moment(when.timestamp())
