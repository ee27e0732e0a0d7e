"""The settings of request limits."""

from __future__ import annotations

from .kinds import Flag, Text, Whole


class LimitSettings:
    """What one client may ask, and what is given up on request."""

    THROTTLE_RATE = Text(
        "Requests per client and group of endpoints, as DRF writes rates.",
        default="10/minute",
        old="TOTP_THROTTLE_RATE",
    )
    TRUSTED_PROXIES = Whole(
        "How many proxies in front are ours: so many entries of `X-Forwarded-For` are believed.",
        default=0,
        least=0,
    )
    DANGER_DISABLE_WITHOUT_CODE = Flag("Lets a stolen access token turn the second factor off.")
    DANGER_ROTATE_WITHOUT_CODE = Flag("Lets a stolen access token mint backup codes.")
    DANGER_THROTTLE_FAILS_OPEN = Flag("Lets requests through while the cache that counts them is down.")
