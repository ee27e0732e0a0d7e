"""The core's sentences for users, by code, in the user's language.

`str(error)` is the core's English; what a user reads is `sentence(error)`. A test compares each English text
here with the core's, so that a catalog of translations is all that another language needs.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from twinlock.errors import TwinlockError

REFUSALS = {
    "wrong_code": _("The code is wrong."),
    "replayed": _("The code was used before; wait for a new one."),
    "locked": _("Too many wrong codes; try again later."),
    "factor_disabled": _("Too many wrong codes; the second factor is blocked until it is unlocked."),
    "not_enrolled": _("Two-factor authentication is not enabled."),
    "already_enrolled": _("Two-factor authentication is already enabled."),
    "no_pending_enrollment": _("No enrollment is waiting to be confirmed."),
    "enrollment_expired": _("The enrollment has expired; start again."),
    "challenge_invalid": _("The challenge is invalid or has expired."),
    "challenge_spent": _("The challenge is used up; sign in again."),
    "token_invalid": _("The token is invalid."),
    "token_expired": _("The token has expired."),
    "contended": _("Too many requests for this account at once; try again."),
    "method_not_allowed": _("This kind of code is not accepted here."),
    "second_factor_required": _("A fresh second factor is needed for this."),
    "enrollment_required": _("An authenticator must be set up before signing in."),
    "too_many_codes": _("Too many codes were sent; use the last one or wait."),
    "device_unknown": _("There is no such device."),
    "too_many_devices": _("There is no room for another device."),
    "token_reused": _("The refresh token was used before; its session has ended."),
    "session_ended": _("The session has ended; sign in again."),
}
"""Every refusal of the core."""
INPUTS = {
    "digits_invalid": _("A code has 6, 7 or 8 digits."),
    "period_invalid": _("The period must be 15 to 120 seconds."),
    "algorithm_unknown": _("The algorithm must be SHA1, SHA256 or SHA512."),
    "name_invalid": _(
        "The name must be 1 to 128 characters without control characters, a colon or a space in front."
    ),
    "argument_invalid": _("The arguments do not fit together, or an object is used a second time."),
}
"""The faults that a value in a form or a request can be; all others are an operator's and stay English."""


def sentence(error: TwinlockError) -> str:
    """What to tell the user; the core's English for what only an operator can mend."""
    return str(REFUSALS.get(error.code) or INPUTS.get(error.code) or error)
