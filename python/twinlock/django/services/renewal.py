"""New tokens for those that a session has: judged by the core on the session's row and the user's record."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from twinlock import RefreshFamily
from twinlock.errors import CommitLost, Refused

from .. import audit, client, session_store
from ..frames import without_locals
from ..models import RefreshSession
from ..store import find_user, read, refuse_open_transaction, when
from . import requirement, simplejwt
from .build import engine
from .tokens import SESSION_CLAIM, still_bound, token_text
from .watch import reused

if TYPE_CHECKING:
    from twinlock import AccessToken, PendingRotation, SlidingToken, Tokens

ATTEMPTS = 8


@without_locals
def refresh(
    refresh_token: str, *, request: Any = None, sender: Any = None
) -> Tokens | AccessToken | SlidingToken:
    """New tokens for a refresh token: a pair where it rotates, otherwise an access token alone.

    Only while the user is there and active, neither password nor second factor changed, and the session was
    not revoked. Of several calls with one token one rotates it; the others get the same successor while the
    grace lasts. Refused: `token_expired`, `token_invalid`, `session_ended`, `contended`,
    `enrollment_required` where a second factor is overdue, and `token_reused`, which ended the session.
    A token that simplejwt issued before the swap begins a session, where TWINLOCK["JWT"] says that it may.
    """
    token = token_text(refresh_token)
    if simplejwt.issued(token):
        return simplejwt.exchange(token, request=request, sender=sender)
    claims = engine().verify(token, "refresh")
    subject = claims["sub"]
    with audit.watched("refresh", subject, request):
        refuse_open_transaction()
        user, record = _allowed(subject, claims)
        try:
            answer = _exchange(token, claims, record, request)
        except Refused as refusal:
            if refusal.code == "token_reused":
                reused(user, claims[SESSION_CLAIM], request, sender)
            raise
    audit.event("refreshed", subject, request=request, level=logging.DEBUG, session=claims[SESSION_CLAIM])
    return answer


@without_locals
def refresh_sliding(sliding_token: str, *, request: Any = None) -> SlidingToken:
    """A new sliding token for one that lives, until the moment that the sign-in fixed.

    Refused: `token_expired`, `token_invalid`, `session_ended`.
    """
    token = token_text(sliding_token)
    claims = engine().verify(token, "sliding")
    subject = claims["sub"]
    with audit.watched("refresh", subject, request):
        refuse_open_transaction()
        _, record = _allowed(subject, claims)
        session = _session(claims)
        answer = engine().refresh_sliding(token, record)
        _touch(session, request)
    audit.event("refreshed", subject, request=request, level=logging.DEBUG, session=session.pk)
    return answer


def refreshable(token: str, claims: dict[str, Any]) -> Any:
    """The user of a verified refresh token, or what `refresh` would refuse it with. Stores nothing."""
    user, record = _allowed(claims["sub"], claims)
    session = _session(claims)
    if not session.state:
        engine().refresh(token, record)
        return user
    pending = _judged(token, session, record)
    after = pending.family
    if after is None:
        pending.commit(True)
    elif after.revoked_at is not None:
        raise Refused("token_reused")
    return user


def _exchange(token: str, claims: dict[str, Any], record: bytes | None, request: Any) -> Tokens | AccessToken:
    """The record may be older than the session's row: one that changes later is seen by the next refresh."""
    for _ in range(ATTEMPTS):
        session = _session(claims)
        if not session.state:
            answer = engine().refresh(token, record)
            _touch(session, request)
            return answer
        pending = _judged(token, session, record)
        after = pending.family
        stored = after is None or session_store.replace(session, **_columns(after, request))
        try:
            return pending.commit(stored)
        except CommitLost:
            continue
    raise Refused("contended", retry_after=1)


def _judged(token: str, session: RefreshSession, record: bytes | None) -> PendingRotation:
    family = RefreshFamily.from_json(session.state)
    return engine().rotate(token, family if session.revoked_at is None else family.revoke(), record)


def _session(claims: dict[str, Any]) -> RefreshSession:
    """The session of a token; one without a state ends here, one with a state in the core."""
    found = session_store.find(claims.get(SESSION_CLAIM), claims["sub"])
    if found is None or (not found.state and found.revoked_at is not None):
        raise Refused("session_ended")
    return found


def _allowed(subject: str, claims: dict[str, Any]) -> tuple[Any, bytes | None]:
    """The user to whom the session may go on to belong, and the record."""
    user, found, was_read = find_user(subject)
    still_bound(user, claims)
    requirement.refuse_if_unmet(user, claims.get("amr", ()))
    found = found if was_read else read(subject)
    return user, None if found is None else found[0]


def _columns(family: RefreshFamily, request: Any) -> dict[str, Any]:
    """The row of a family that rotated or was revoked: a thief's address does not become the session's."""
    state = {"state": family.to_json(), "revoked_at": when(family.revoked_at)}
    if family.revoked_at is not None:
        return state
    ends = {"last_used_at": when(family.rotated_at), "expires_at": when(family.expires_at)}
    return {**state, **ends, **_from(request)}


def _touch(session: RefreshSession, request: Any) -> None:
    if not session_store.touch(session, last_used_at=timezone.now(), **_from(request)):
        raise Refused("session_ended")


def _from(request: Any) -> dict[str, str]:
    address = client.address_text(request)
    return {} if address is None else {"address": address}
