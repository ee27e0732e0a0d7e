"""Request limits: the one way to count, for endpoints and pages.

They keep noise away; what limits the guesses at a code is the account's budget in the sealed record, which
no cache can lose. A limit counts fixed windows in the default cache. Each request claims a numbered place
in its window with `cache.add`, which is atomic in Redis, memcached, the database and local memory, so
parallel requests cannot slip past the limit even where `incr` is a read and a write. Scopes and keys are
our own: the project's throttles are not touched, and each group of endpoints or pages has its own bucket.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.cache import DEFAULT_CACHE_ALIAS, BaseCache, caches
from django.utils.translation import gettext_lazy as _

from .client import address, address_text
from .conf import settings

log = logging.getLogger("twinlock.throttle")

SPARE = 10
"""Seconds that a counter outlives its window: whoever is slow at its end must still find it."""
CANNOT_COUNT = _("Requests cannot be counted at the moment; try again later.")
CANNOT_COUNT_CODE = "throttle_unavailable"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class CannotCount(Exception):
    """The cache does not count, and so no request is let through."""


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


class Counted(NamedTuple):
    """What came of counting a request: whether it is within the rate, and the seconds to the window's end."""

    within: bool
    ends_in: float


class Client(NamedTuple):
    """Whom to count, and as what: each scope has buckets of its own."""

    scope: str
    ident: str


def user_of(request: Any) -> Client | None:
    """The user who is signed in, wherever the requests come from."""
    user = request.user
    return Client("twinlock_user", str(user.pk)) if user is not None and user.is_authenticated else None


def address_of(request: Any) -> Client:
    """The address. An IPv6 client owns at least a /64 network, so that is what is counted."""
    found = address(request)
    if isinstance(found, ipaddress.IPv6Address):
        text = str(ipaddress.ip_network((int(found), 64), strict=False))
    else:
        text = address_text(request) or "unknown"
    return Client("twinlock_address", text)


def count(client: Client, group: str) -> Counted:
    """Counts a request of a client by THROTTLE_RATE. Raises CannotCount."""
    rate = Rate.parse(settings.THROTTLE_RATE)
    window, elapsed = divmod(time.time(), rate.seconds)
    whole = f"{client.scope}:{group}:{rate.seconds}:{int(window)}:{client.ident}"
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Counted(_claim_place(f"twinlock:{digest}", rate), rate.seconds - elapsed)


def _counted(cache: BaseCache, key: str, rate: Rate) -> int:
    """How many requests there were in the window, with this one."""
    try:
        return cache.incr(key)
    except ValueError:  # the first one, or a counter that was dropped: the places stay claimed
        cache.add(key, 0, rate.seconds + SPARE)
        return cache.incr(key)


def _claim_place(key: str, rate: Rate) -> bool:
    try:
        cache = caches[DEFAULT_CACHE_ALIAS]
        place = _counted(cache, key, rate)
        while place <= rate.requests:
            if cache.add(f"{key}:{place}", 1, rate.seconds + SPARE):
                return True
            place += 1
        return False
    except Exception as error:
        # Each backend has errors of its own; ValueError means that the counter just written is not there.
        log.error("%s: the default cache does not count (%s)", CANNOT_COUNT_CODE, type(error).__name__)
        if settings.DANGER_THROTTLE_FAILS_OPEN:
            return True
        raise CannotCount from None
