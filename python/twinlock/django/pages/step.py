"""A step-up that waits for a code that was sent, as the session keeps it: sealed, and for one purpose."""

from __future__ import annotations

from typing import Any

from twinlock.django import sealed
from twinlock.django.services.sent_step_up import SentStepUp

KEY = "twinlock_step_up"


def keep(request: Any, purpose: str, sent: SentStepUp) -> None:
    """Keeps the challenge of a code that is on its way, in place of an earlier one."""
    request.session[KEY] = {"purpose": purpose, "challenge": sealed.seal(KEY, sent.challenge)}


def find(request: Any, purpose: str) -> str | None:
    """The challenge that waits for this purpose's code."""
    found = request.session.get(KEY)
    if not isinstance(found, dict) or found["purpose"] != purpose:
        return None
    return sealed.unseal(KEY, found["challenge"])


def drop(request: Any) -> None:
    """Forgets it."""
    request.session.pop(KEY, None)
