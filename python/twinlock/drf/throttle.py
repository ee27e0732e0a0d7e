"""Request limits per user, per address and per recovery link, as DRF's throttles.

`twinlock.django.throttle` counts; each group of endpoints (`throttle_group` of the view) has its own bucket.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from twinlock.django.throttle import CannotCount, Client, address_of, count, user_of

from .exceptions import CounterUnavailable


class _Throttle(BaseThrottle, ABC):
    def __init__(self) -> None:
        self._ends_in: float | None = None

    @abstractmethod
    def identify(self, request: Request) -> Client | None:
        """Whom to count; None: not this throttle's business."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Counts the request; says whether it is within the rate."""
        client = self.identify(request)
        if client is None:
            return True
        try:
            within, self._ends_in = count(client, getattr(view, "throttle_group", "other"))
        except CannotCount:
            raise CounterUnavailable from None
        return within

    def wait(self) -> float | None:
        """Seconds until the window ends."""
        return self._ends_in


class UserThrottle(_Throttle):
    """Counts a signed-in user, wherever the requests come from."""

    def identify(self, request: Request) -> Client | None:
        """The user."""
        return user_of(request)


class AddressThrottle(_Throttle):
    """Counts an address that is not signed in."""

    def identify(self, request: Request) -> Client | None:
        """The address, where nobody is signed in."""
        return None if user_of(request) is not None else address_of(request)


class LinkThrottle(_Throttle):
    """Counts a recovery link, so that many addresses do not make many guesses at the password beside it."""

    def identify(self, request: Request) -> Client | None:
        """The link's token."""
        token = request.data.get("token") if isinstance(request.data, Mapping) else None
        return Client("twinlock_link", token) if isinstance(token, str) else None
