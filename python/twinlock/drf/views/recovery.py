"""For a user who lost the authenticator."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status as http
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from twinlock.django import recovery
from twinlock.django.refusal_texts import sentence
from twinlock.errors import Refused

from ..base import Contract
from ..exceptions import Denied
from ..serializers.recovery import RecoveryConfirmInput, RecoveryInput
from ..throttle import AddressThrottle, LinkThrottle

SENT = _("If an account with that email exists and has TOTP enabled, a recovery email has been sent.")
LINK_INVALID = _("The recovery link is invalid or has expired.")
CODE = Refused("second_factor_required")
CREDENTIALS_INVALID = _("The provided credentials is invalid.")


class TotpRecoveryViewSet(Contract, GenericViewSet[Any]):
    """Ask for a recovery link, and use it. Nobody authenticates here: no stale bearer token is in the way."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle,)
    throttle_group = "recovery"

    @action(detail=False, methods=["post"], serializer_class=RecoveryInput)
    def recovery(self, request: Request, **_: Any) -> Response:
        """Takes an address; the answer is the same whoever it belongs to."""
        recovery.request_recovery(self.validated(request)["email"], request=request)
        return Response({"details": str(SENT)})

    @action(
        detail=False,
        methods=["post"],
        serializer_class=RecoveryConfirmInput,
        throttle_classes=(AddressThrottle, LinkThrottle),
        throttle_group="recovery-confirm",
    )
    def recovery_confirm(self, request: Request, **_: Any) -> Response:
        """Turns the second factor off for whoever holds the link, the password and what the policy asks."""
        try:
            recovery.confirm_recovery(**self.validated(request), request=request, sender=type(self))
        except recovery.LinkInvalid:
            raise ValidationError({"message": [LINK_INVALID]}) from None
        except recovery.CredentialsInvalid:
            raise ValidationError({"message": [CREDENTIALS_INVALID]}) from None
        except recovery.BackupCodeRequired:
            raise Denied(CODE.code, sentence(CODE), {"methods": ["backup"]}) from None
        return Response(status=http.HTTP_204_NO_CONTENT)
