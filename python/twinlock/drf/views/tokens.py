"""The tokens that come of a sign-in."""

from __future__ import annotations

from typing import Any

from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django import services
from twinlock.errors import Refused

from ..answers import members
from ..base import Contract
from ..exceptions import InvalidToken
from ..serializers.codes import NoInput
from ..serializers.tokens import RefreshInput, TokenInput
from .public import PublicView

JWKS_SECONDS = 300
"""How long others may keep the public keys, and so how long a new one must be published before it signs."""


class TokenView(PublicView):
    """Whoever holds a token may show it as often as needed: guessing one is beyond any rate."""

    throttle_classes = ()


class JWTRefreshView(TokenView):
    """New access tokens, in simplejwt's contract."""

    serializer_class = RefreshInput
    throttle_group = "jwt-refresh"

    def post(self, request: Request, **_: Any) -> Response:
        """A refresh token: a new access token, and the next refresh token where it rotates."""
        token = self.validated(request)["refresh"]
        with_news = {"request": request, "sender": type(self)}
        try:
            return Response(members(services.refresh(token, **with_news)))
        except Refused as refusal:
            raise no_token(refusal) from None


class JWTSlidingRefreshView(TokenView):
    """New sliding tokens, in simplejwt's contract."""

    serializer_class = TokenInput
    throttle_group = "jwt-refresh"

    def post(self, request: Request, **_: Any) -> Response:
        """A living sliding token: the next one."""
        token = self.validated(request)["token"]
        try:
            return Response(members(services.refresh_sliding(token, request=request)))
        except Refused as refusal:
            raise no_token(refusal) from None


class JWTVerifyView(TokenView):
    """Looking at tokens, in simplejwt's contract."""

    serializer_class = TokenInput
    throttle_group = "jwt-verify"

    def post(self, request: Request, **_: Any) -> Response:
        """A token: whether it counts. A challenge is none."""
        token = self.validated(request)["token"]
        try:
            services.verify(token)
        except Refused as refusal:
            raise no_token(refusal) from None
        return Response({})


class JWKSView(Contract, GenericAPIView[Any]):
    """The public keys, for other services to verify access tokens with (RFC 7517 §5)."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = NoInput
    throttle_classes = ()
    throttle_group = "jwt-jwks"

    def get(self, request: Request, **_: Any) -> Response:  # noqa: ARG002
        """The set; empty where tokens are signed with a shared secret."""
        return Response(services.engine().jwks())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Lets everybody keep the keys for a while."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            response["Cache-Control"] = f"public, max-age={JWKS_SECONDS}"
        return response


def no_token(refusal: Refused) -> Exception:
    """The 401 for a token that does not count; a lost race is told as what it is."""
    return refusal if refusal.code == "contended" else InvalidToken(refusal)
