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
from ..permissions import evidence_of
from ..serializers.step_up import StepUpInput
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
        session = evidence_of(request)
        token = services.step_up(
            request.user,
            fields["purpose"],
            session=session.token if isinstance(session, TokenEvidence) else None,
            otp=fields.get("otp_code"),
            backup=fields.get("backup_code"),
            request=request,
            sender=type(self),
        )
        body = {"access": token.access, "purpose": fields["purpose"]}
        return Response({**body, "expires_at": moment(token.access_expires_at)})
