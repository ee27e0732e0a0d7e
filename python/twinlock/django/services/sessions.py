"""What users see and end of their sessions, and how the rows of those that ended go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from twinlock.errors import Refused

from .. import audit, session_store, signals, users
from ..faults import store_faults
from ..frames import without_locals
from ..models import RefreshSession
from ..store import rows
from . import simplejwt
from .build import engine
from .events import tell
from .manage import bump_epoch
from .tokens import SESSION_CLAIM, token_text

SHOWN_MAX = 100
LONGEST_ACCESS = timedelta(seconds=900)
"""An access token may outlive its session's row by no more than its own life."""


def living_sessions(user: Any) -> list[RefreshSession]:
    """The user's sessions that can go on, the last used first; 100 at most.

    None of them ended by its time, a revocation, a new password or a changed second factor.
    """
    subject = users.subject_of(user)
    with store_faults:
        epoch = rows(subject).values_list("epoch", flat=True).first() or 0
        bound = {"epoch": epoch, "credential__in": users.credentials(user)}
        found = session_store.living(subject, timezone.now()).filter(**bound)
        return list(found.order_by("-last_used_at", "pk")[:SHOWN_MAX])


def revoke_session(
    user: Any, session: str, *, event: str = "session_revoked", request: Any = None, sender: Any = None
) -> bool:
    """Ends one of the user's sessions; False where no such session of this user lives."""
    subject = users.subject_of(user)
    with audit.watched("revocation", subject, request):
        ended = bool(session_store.revoke(subject, session))
    if ended:
        audit.event(event, subject, request=request, session=session)
        tell(signals.session_revoked, user=user, request=request, sender=sender, session=session)
    return ended


@without_locals
def logout(token: str, *, request: Any = None, sender: Any = None) -> None:
    """Ends the session of a refresh or sliding token, if it still goes on: by whoever holds the token.

    Refused: `token_expired`, `token_invalid` for a token that is not ours.
    """
    text = token_text(token)
    if simplejwt.issued(text):
        simplejwt.end(text, request=request)
        return
    claims = _claims(text)
    user = users.find(claims["sub"])
    if user is not None:
        end = {"event": "logged_out", "request": request, "sender": sender}
        revoke_session(user, str(claims.get(SESSION_CLAIM)), **end)


def logout_all(user: Any, *, request: Any = None, sender: Any = None) -> None:
    """Ends all the user's sessions, access tokens, open challenges and trusted devices.

    The epoch moves first, so that everything is dead even where the rows cannot be reached afterwards.
    """
    bump_epoch(user, request=request)
    subject = users.subject_of(user)
    with audit.watched("revocation", subject, request):
        session_store.revoke(subject)
    audit.event("logged_out_everywhere", subject, request=request)
    tell(signals.session_revoked, user=user, request=request, sender=sender, session=None)


def count_expired() -> int:
    """How many rows `flush` would delete."""
    with store_faults:
        return int(session_store.expired(_long_ago()).count())


def flush(batch: int) -> Iterator[int]:
    """Deletes the rows of ended sessions, at most `batch` in one transaction; gives how many after each."""
    before = _long_ago()
    last: str | None = ""
    while last is not None:
        deleted, last = session_store.delete_expired(before, batch, last)
        if deleted:
            yield deleted


def _long_ago() -> Any:
    return timezone.now() - LONGEST_ACCESS


def _claims(token: str) -> dict[str, Any]:
    try:
        return engine().verify(token, "refresh")
    except Refused as refusal:
        if refusal.code != "token_invalid":
            raise
        return engine().verify(token, "sliding")
