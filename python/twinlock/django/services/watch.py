"""What a refused answer tells: the log, the receivers, and the user where somebody else may be at it."""

from __future__ import annotations

import logging
from typing import Any

from twinlock.errors import Fault, Refused

from .. import audit, client, signals, users
from ..notices import notify
from .build import engine
from .events import tell
from .state import status

WRONG_CODES = 3
"""After so many wrong codes in a row a user hears that somebody has got past the first factor."""
GUESSES = frozenset(("wrong_code", "replayed"))


class Watched(audit.Watched):
    """As `audit.watched`, about a user: a refusal is a signal, too, and of a lock the user hears."""

    def __init__(self, action: str, user: Any, request: Any, sender: Any) -> None:
        super().__init__(action, users.subject_of(user), request)
        self.told = {"user": user, "request": request, "sender": sender}

    def refused(self, refusal: Refused) -> None:
        """Writes the refusal, and tells of it."""
        super().refused(refusal)
        tell(signals.second_factor_refused, **self.told, action=self.action, reason=refusal.code)
        if audit.begins_lock(refusal):
            tell(signals.totp_locked, **self.told, retry_after=refusal.retry_after)
        if refusal.code in GUESSES:
            _warn(self.told["user"], self.action, refusal)


def watched(action: str, user: Any, request: Any = None, sender: Any = None) -> Watched:
    """A block that does this for the user."""
    return Watched(action, user, request, sender)


def reused(user: Any, session: str, request: Any, sender: Any) -> None:
    """Tells that a token came back that was exchanged before: its owner and a thief cannot be told apart."""
    audit.event(
        "session_reused",
        users.subject_of(user),
        request=request,
        level=logging.WARNING,
        session=session,
        address=client.address_text(request),
    )
    tell(signals.session_reused, user=user, request=request, sender=sender, session=session)
    notify(user, "session_reused")


def _warn(user: Any, action: str, refusal: Refused) -> None:
    """Mails the first lock of a row of wrong codes, and before it the row itself; not each further one."""
    try:
        failures = status(user).failures_in_a_row
    except Fault:  # the refusal stands; only its news is lost
        return
    if audit.begins_lock(refusal):
        if failures <= engine().policy.failures_before_lock:
            notify(user, "locked")
    elif action == "sign_in" and failures == WRONG_CODES:
        notify(user, "wrong_codes")
