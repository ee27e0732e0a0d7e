"""Signing in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock import EnrollmentToken
from twinlock.django import services, trust_cookie
from twinlock.django.moments import moment
from twinlock.errors import Refused

from .. import trust
from ..answers import challenge, members, signed_in
from ..enrollment import enrollment_due, enrollment_only
from ..exceptions import InvalidCredentials
from ..inputs import code_in
from ..serializers.sign_in import ChallengeInput, LoginInput, SendInput
from .public import PublicView


class JWTCreateView(PublicView):
    """The first factor."""

    serializer_class = LoginInput
    throttle_group = "jwt-create"

    def post(self, request: Request, **_: Any) -> Response:
        """Name and password: tokens, a challenge where a second factor is due, or a token to enroll with."""
        fields = self.validated(request)
        user = authenticate(request, username=fields[LoginInput.name_field()], password=fields["password"])
        if user is None:
            raise InvalidCredentials
        try:
            found = services.begin_sign_in(
                user, trust_token=trust.shown(request), request=request, sender=type(self)
            )
        except Refused as refusal:
            if refusal.code == "token_invalid":
                raise InvalidCredentials from None
            raise
        if found.enrollment is not None:
            response = Response(enrollment_only(user, found.enrollment))
        elif found.proof is not None:
            tokens = signed_in(request, user, found.proof, fields)
            due = {} if found.trust else enrollment_due(user)
            response = Response({"is_totp_enabled": False, **tokens, **due})
        else:
            response = Response({"is_totp_enabled": True, **challenge(found)})
        if found.trust is not None:
            trust.give(response, request, services.for_client(user, found.trust))
        elif found.outcome != "proof":
            trust_cookie.forget(response, request)
        return response


class JWTTOTP2FAVerifyView(PublicView):
    """The second factor."""

    serializer_class = ChallengeInput
    throttle_group = "jwt-totp-verify"
    refusal_texts = {"not_enrolled": gettext_lazy("TOTP is not enabled for this user.")}  # noqa: RUF012

    def post(self, request: Request, **_: Any) -> Response:
        """A challenge and a code: tokens, or a token to enroll with where the challenge gives that."""
        fields = self.validated(request)
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        challenge, code = fields["totp_challenge_token"], code_in(fields)
        if not fields["trust_device"]:
            device = fields.get("device", "")
            user, given = services.finish_with_session(challenge, device=device, **code, **told)
            if isinstance(given, EnrollmentToken):
                return Response(enrollment_only(user, given))
            return Response(members(given))
        user, found = services.finish_challenge(challenge, **code, **told)
        if isinstance(found, EnrollmentToken):
            return Response(enrollment_only(user, found))
        name = fields["device_name"] or fields.get("device", "")
        trusted = services.trust_device(user, found, name, **told)
        response = Response({**signed_in(request, user, found, fields), "trusted_device": False})
        if trusted is not None:
            trust.give(response, request, trusted)
        return response


class JWTTOTPSendView(PublicView):
    """Codes that are sent."""

    serializer_class = SendInput
    throttle_group = "jwt-totp-send"

    def post(self, request: Request, **_: Any) -> Response:
        """A challenge: a code for it is on its way, in place of an earlier one."""
        challenge = self.validated(request)["totp_challenge_token"]
        expires_at = services.send_code(challenge, request=request, sender=type(self))
        return Response({"code_sent": True, "expires_at": moment(expires_at)})
