"""What the pages say about a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twinlock.django import refusal_texts
from twinlock.errors import Refused

TEXTS = {
    "wrong_code": gettext_lazy("This code is wrong. Look at your app again and type the code it shows."),
    "replayed": gettext_lazy("This code was used before. Wait until your app shows the next one."),
    "locked": gettext_lazy("Too many wrong codes."),
    "factor_disabled": gettext_lazy(
        "Too many wrong codes. Your second factor is blocked; ask for help to have it unblocked."
    ),
    "contended": gettext_lazy("There are too many requests for your account at once. Try again."),
    "not_enrolled": gettext_lazy("Two-factor authentication is off."),
    "already_enrolled": gettext_lazy("Two-factor authentication is on already."),
    "no_pending_enrollment": gettext_lazy(
        "This took too long, or there were too many wrong codes. Start again."
    ),
    "enrollment_expired": gettext_lazy(
        "This took too long, or there were too many wrong codes. Start again."
    ),
    "challenge_invalid": gettext_lazy("Your sign-in took too long. Sign in again."),
    "challenge_spent": gettext_lazy("Your sign-in took too many tries. Sign in again."),
    "token_invalid": gettext_lazy("Your sign-in took too long. Sign in again."),
    "token_expired": gettext_lazy("Your sign-in took too long. Sign in again."),
    "method_not_allowed": gettext_lazy("This kind of code is not accepted here."),
    "enrollment_required": gettext_lazy("Your account must have a second factor."),
    "too_many_codes": gettext_lazy("Too many codes were sent. Use the last one or wait."),
    "device_unknown": gettext_lazy("There is no such device."),
    "too_many_devices": gettext_lazy("There is no room for another device. Remove one first."),
}
OF_SENT = {
    **TEXTS,
    "wrong_code": gettext_lazy("This code is wrong. Type the last code that was sent to you."),
}
"""The same where the user is asked for a code that was sent."""


def sentence(refusal: Refused, said: Mapping[str, Any] = TEXTS) -> str:
    """The sentence for a refusal, with the time after which to try again where there is one."""
    text = str(said.get(refusal.code) or refusal_texts.sentence(refusal))
    return text if refusal.retry_after is None else f"{text} {_wait(refusal.retry_after)}"


def too_many_requests(seconds: int) -> str:
    """The sentence for too many requests, whatever was in them."""
    text = _("There were too many requests.")
    return f"{text} {_wait(seconds)}"


def _wait(seconds: int) -> str:
    if seconds < 60:
        return ngettext("Try again in %d second.", "Try again in %d seconds.", seconds) % seconds
    minutes = -(-seconds // 60)
    return ngettext("Try again in %d minute.", "Try again in %d minutes.", minutes) % minutes


def unexpected() -> str:
    """The sentence for what only a broken or forged form sends."""
    return _("Something is missing in this form. Load the page again.")
