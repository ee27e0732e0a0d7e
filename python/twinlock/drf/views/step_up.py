"""Showing the second factor once more."""

from __future__ import annotations

from typing import Any

from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from twinlock.django import services
from twinlock.django.evidence import TokenEvidence
from twinlock.django.moments import moment

from ..base import Contract
from ..inputs import code_in
from ..permissions import evidence_of
from ..serializers.step_up import PurposeInput, StepUpInput
from ..throttle import UserThrottle


class TotpStepUpViewSet(Contract, GenericViewSet[Any]):
    """A fresh access token for one purpose."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (UserThrottle,)
    throttle_group = "totp-step-up"

    @action(detail=False, methods=["post"], serializer_class=StepUpInput)
    def step_up(self, request: Request, **_: Any) -> Response:
        """A purpose and a code: an access token that shows it. The session and its refresh token stay."""
        fields = self.validated(request)
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        purpose, session, codes = fields["purpose"], _session(request), code_in(fields)
        if "sent" in codes:
            challenge = fields["step_up_challenge_token"]
            token = services.step_up_by_sent_code(
                request.user, purpose, session=session or "", challenge=challenge, **codes, **told
            )
        else:
            token = services.step_up(request.user, purpose, session=session, **codes, **told)
        body = {"access": token.access, "purpose": purpose}
        return Response({**body, "expires_at": moment(token.access_expires_at)})

    @action(
        detail=False,
        methods=["post"],
        url_path="step_up/send",
        url_name="step-up-send",
        serializer_class=PurposeInput,
        throttle_group="totp-step-up-send",
    )
    def send(self, request: Request, **_: Any) -> Response:
        """A purpose: a code for it is on its way to a user who has no device, and answers the challenge."""
        purpose = self.validated(request)["purpose"]
        sent = services.send_step_up_code(
            request.user, purpose, session=_session(request) or "", request=request, sender=type(self)
        )
        body = {"code_sent": True, "step_up_challenge_token": sent.challenge, "purpose": purpose}
        return Response({**body, "expires_at": moment(sent.expires_at)})


def _session(request: Request) -> str | None:
    """The access token that goes on in the new one."""
    found = evidence_of(request)
    return found.token if isinstance(found, TokenEvidence) else None
