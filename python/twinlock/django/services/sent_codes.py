"""Codes on their way to their users: handed over once they are stored, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import audit, signals, users
from ..delivery import deliver
from .events import tell

if TYPE_CHECKING:
    from twinlock import SentCode


def deliver_code(user: Any, sent: SentCode, request: Any, sender: Any, *, purpose: str = "") -> None:
    """Hands a code over for delivery. `purpose` is what a step-up is for; a sign-in has none."""
    deliver(user, sent, request, purpose)
    audit.event("code_sent", users.subject_of(user), request=request)
    tell(signals.code_sent, user=user, request=request, sender=sender)
