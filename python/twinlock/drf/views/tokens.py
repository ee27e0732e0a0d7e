"""The tokens that come of a sign-in."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django import services
from twinlock.errors import Refused

from ..exceptions import InvalidToken
from ..serializers.tokens import RefreshInput, TokenInput
from .public import PublicView


class JWTRefreshView(PublicView):
    """New access tokens, in simplejwt's contract."""

    serializer_class = RefreshInput
    throttle_classes = ()

    def post(self, request: Request, **_: Any) -> Response:
        """A refresh token: a new access token, while the user's state still allows it."""
        token = self.validated(request)["refresh"]
        try:
            return Response({"access": services.refresh(token, request=request).access})
        except Refused as refusal:
            raise InvalidToken(refusal) from None


class JWTVerifyView(PublicView):
    """Looking at tokens, in simplejwt's contract."""

    serializer_class = TokenInput
    throttle_classes = ()

    def post(self, request: Request, **_: Any) -> Response:
        """An access or a refresh token: whether it counts. A challenge is neither."""
        token = self.validated(request)["token"]
        try:
            services.verify(token)
        except Refused as refusal:
            raise InvalidToken(refusal) from None
        return Response({})
