"""The person's phone: an authenticator that shares no code with Twinlock (pyotp)."""

import time

import pyotp

from walkthrough.client import Unexpected
from walkthrough.screen import Screen


class Phone:
    """Scans an `otpauth://` URI and shows codes.

    A code can be used once, and none older than the last one used. So that the demo need not wait half
    a minute for each new code, it uses the tolerance of one step that the site allows for clocks that
    are not quite right: first the previous code, then the current one, then the next one.
    """

    def __init__(self, uri: str, screen: Screen) -> None:
        totp = pyotp.parse_uri(uri)
        if not isinstance(totp, pyotp.TOTP):
            raise Unexpected("the QR code holds no time-based secret")
        self._totp = totp
        self._now = self._early_in_a_step(screen)

    def previous_code(self) -> str:
        """The code shown before the current one."""
        return self._totp.at(self._now - self._totp.interval)

    def current_code(self) -> str:
        """The code shown now."""
        return self._totp.at(self._now)

    def next_code(self) -> str:
        """The code shown after the current one."""
        return self._totp.at(self._now + self._totp.interval)

    def _early_in_a_step(self, screen: Screen) -> int:
        left = self._totp.interval - time.time() % self._totp.interval
        if left < 12:
            screen.say(f"(waiting {left:.0f} s for the phone to show a new code)")
            time.sleep(left + 0.1)
        return int(time.time())
