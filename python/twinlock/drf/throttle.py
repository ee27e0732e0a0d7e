"""Request limits per user and per address.

They keep noise away; what limits the guesses at a code is the account's budget in the sealed record, which
no cache can lose. A limit counts fixed windows in the default cache. Each request claims a numbered place
in its window with `cache.add`, which is atomic in Redis, memcached, the database and local memory, so
parallel requests cannot slip past the limit even where `incr` is a read and a write. Scopes and keys are
our own: the project's DRF throttles are not touched, and each group of endpoints (`throttle_group` of the
view) has its own bucket.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from twinlock.django.client import address
from twinlock.django.conf import settings

from .exceptions import CounterUnavailable, log

SPARE = 10
"""Seconds that a counter outlives its window: whoever is slow at its end must still find it."""
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Rate(NamedTuple):
    """So many requests in so many seconds."""

    requests: int
    seconds: int

    @classmethod
    @lru_cache(maxsize=64)
    def parse(cls, text: str) -> Rate:
        """Reads `10/minute`, `100/h` and the like, as DRF writes rates."""
        requests, _, period = text.partition("/")
        return cls(int(requests), _SECONDS[period.strip()[0]])


class _Throttle(BaseThrottle, ABC):
    scope: str
    timer: Callable[[], float] = staticmethod(time.time)

    def __init__(self) -> None:
        self._ends_in: float | None = None

    @abstractmethod
    def identify(self, request: Request) -> str | None:
        """Whom to count; None: not this throttle's business."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Counts the request; says whether it is within the rate."""
        ident = self.identify(request)
        if ident is None:
            return True
        rate = Rate.parse(settings.THROTTLE_RATE)
        window, elapsed = divmod(self.timer(), rate.seconds)
        self._ends_in = rate.seconds - elapsed
        group = getattr(view, "throttle_group", "other")
        whole = f"{self.scope}:{group}:{rate.seconds}:{int(window)}:{ident}"
        digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return _claim_place(f"twinlock:{digest}", rate)

    def wait(self) -> float | None:
        """Seconds until the window ends."""
        return self._ends_in


class UserThrottle(_Throttle):
    """Counts a signed-in user, wherever the requests come from."""

    scope = "twinlock_user"

    def identify(self, request: Request) -> str | None:
        """The user's key."""
        user = request.user
        return str(user.pk) if user is not None and user.is_authenticated else None


class AddressThrottle(_Throttle):
    """Counts an address that is not signed in."""

    scope = "twinlock_address"

    def identify(self, request: Request) -> str | None:
        """The address, where nobody is signed in."""
        user = request.user
        return None if user is not None and user.is_authenticated else client_address(request)


class LinkThrottle(_Throttle):
    """Counts a recovery link, so that many addresses do not make many guesses at the password beside it."""

    scope = "twinlock_link"

    def identify(self, request: Request) -> str | None:
        """The link's token."""
        token = request.data.get("token") if isinstance(request.data, Mapping) else None
        return token if isinstance(token, str) else None


def client_address(request: Request) -> str:
    """The address to count. An IPv6 client owns at least a /64 network, so that is what is counted."""
    found = address(request)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return "unknown" if found is None else str(found)


def _counted(key: str, rate: Rate) -> int:
    """How many requests there were in the window, with this one."""
    try:
        return cache.incr(key)
    except ValueError:  # the first one, or a counter that was dropped: the places stay claimed
        cache.add(key, 0, rate.seconds + SPARE)
        return cache.incr(key)


def _claim_place(key: str, rate: Rate) -> bool:
    try:
        place = _counted(key, rate)
        while place <= rate.requests:
            if cache.add(f"{key}:{place}", 1, rate.seconds + SPARE):
                return True
            place += 1
        return False
    except Exception as error:
        # Each backend has errors of its own; ValueError means that the counter just written is not there.
        log.error("throttle_unavailable: the default cache does not count (%s)", type(error).__name__)
        if settings.DANGER_THROTTLE_FAILS_OPEN:
            return True
        raise CounterUnavailable from None
