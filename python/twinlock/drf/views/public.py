"""What the endpoints share at which nobody is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
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
