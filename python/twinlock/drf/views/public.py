"""What the endpoints share at which nobody is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from ..base import Contract
from ..throttle import AddressThrottle


class PublicView(Contract, GenericAPIView[Any]):
    """Nobody authenticates here, so a stale bearer token does not get in the way of a login."""

    authentication_classes = ()
    second_factor_exempt = True
    """For SecondFactorMiddleware: a session is nothing here."""
    permission_classes = (AllowAny,)
    throttle_classes: Sequence[type[BaseThrottle]] = (AddressThrottle,)

    def perform_authentication(self, request: Request) -> None:
        """Nobody is signed in; DRF would look for somebody first, for longer than all its other checks."""
        if request.authenticators:  # DRF's test client names somebody so
            super().perform_authentication(request)
            return
        user: Any = api_settings.UNAUTHENTICATED_USER
        token: Any = api_settings.UNAUTHENTICATED_TOKEN
        request.user = user() if user else user
        request.auth = token() if token else token
