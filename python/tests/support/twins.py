"""Secrets that show the same digits twice within minutes, as a few in a million do.

The second time they are a replay, which a test of something else does not want to meet.
"""

import pyotp

STEPS_NEAR = range(-6, 12)


def shows_twins(secret: str, now: float) -> bool:
    """Whether two steps near `now` have the same code."""
    totp = pyotp.TOTP(secret)
    codes = [totp.at(int(now) + 30 * step) for step in STEPS_NEAR]
    return len(set(codes)) < len(codes)
