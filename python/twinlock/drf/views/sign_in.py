"""Signing in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django import services
from twinlock.errors import Refused

from ..enrollment import enrollment_due, enrollment_only
from ..exceptions import InvalidCredentials
from ..serializers.sign_in import ChallengeInput, LoginInput
from .public import PublicView


class JWTCreateView(PublicView):
    """The first factor."""

    serializer_class = LoginInput
    throttle_group = "jwt-create"

    def post(self, request: Request, **_: Any) -> Response:
        """Name and password: tokens, a challenge where a second factor is set, or a token to set one up."""
        fields = self.validated(request)
        user = authenticate(request, username=fields[LoginInput.name_field()], password=fields["password"])
        if user is None:
            raise InvalidCredentials
        try:
            found = services.begin_sign_in(user, request=request, sender=type(self))
        except Refused as refusal:
            if refusal.code == "token_invalid":
                raise InvalidCredentials from None
            raise
        if found.enrollment is not None:
            return Response(enrollment_only(user, found.enrollment))
        if found.proof is None:
            return Response({"is_totp_enabled": True, "totp_challenge_token": found.challenge})
        tokens = services.mint(user, found.proof)
        body = {"is_totp_enabled": False, "access": tokens.access, "refresh": tokens.refresh}
        return Response({**body, **enrollment_due(user)})


class JWTTOTP2FAVerifyView(PublicView):
    """The second factor."""

    serializer_class = ChallengeInput
    throttle_group = "jwt-totp-verify"
    refusal_texts = {"not_enrolled": "TOTP is not enabled for this user."}  # noqa: RUF012

    def post(self, request: Request, **_: Any) -> Response:
        """A challenge and a code: tokens."""
        fields = self.validated(request)
        user, proof = services.finish_sign_in(
            fields["totp_challenge_token"],
            otp=fields.get("otp_code"),
            backup=fields.get("backup_code"),
            request=request,
            sender=type(self),
        )
        tokens = services.mint(user, proof)
        return Response({"access": tokens.access, "refresh": tokens.refresh})
