"""Looking at tokens again with the user's present state."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import F

from twinlock.errors import Refused

from .. import session_store, users
from ..conf import settings
from ..faults import store_faults
from ..frames import without_locals
from ..store import database, read
from . import simplejwt
from .build import engine
from .renewal import refreshable
from .tokens import session_of, still_bound, token_text

REFRESH = "refresh"


@without_locals
def verify_access(token: str) -> tuple[Any, dict[str, Any]]:
    """The user and the claims of an access token, or a sliding one where they are on, that counts; one query.

    Refused: `token_expired`; `token_invalid` also when the user is gone or inactive, or password or second
    factor changed; `session_ended` when the session was revoked, unless TWINLOCK["JWT"]["CHECK_SESSIONS"] is
    off.
    """
    text = token_text(token)
    if simplejwt.issued(text):
        return simplejwt.access(text)
    kinds = ("access", "sliding") if settings.JWT.SLIDING else ("access",)
    return _still_counts(_claims(text, *kinds))


@without_locals
def verify(token: str) -> tuple[Any, dict[str, Any]]:
    """As `verify_access`, for a token that may be a refresh token, too. A challenge is none of them."""
    text = token_text(token)
    if simplejwt.issued(text):
        return simplejwt.looked_at(text)
    claims = _claims(text, "access", "refresh", "sliding")
    if claims["token_type"] != REFRESH:
        return _still_counts(claims)
    return refreshable(text, claims), claims


def _claims(text: str, *kinds: Any) -> dict[str, Any]:
    for kind in kinds[:-1]:
        try:
            return engine().verify(text, kind)
        except Refused as refusal:
            if refusal.code != "token_invalid":
                raise
    return engine().verify(text, kinds[-1])


def _still_counts(claims: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    session = session_of(claims) if settings.JWT.CHECK_SESSIONS else None
    user, epoch, ended = _present(claims["sub"], session)
    user = still_bound(user, claims)
    if claims.get("epoch") != epoch:
        raise Refused("token_invalid")
    if ended:
        raise Refused("session_ended")
    return user, claims


def _present(subject: str, session: Any) -> tuple[Any, int, bool]:
    """The user, the epoch, and whether the session was revoked."""
    model: Any = get_user_model()
    alias = router.db_for_write(model)
    if alias != database():
        return _present_from_two(subject, session)
    pk = users.pk_of(subject)
    found = (
        model._default_manager.using(alias).filter(pk=pk).annotate(twinlock_epoch=F("second_factor__epoch"))
    )
    if session is not None:
        found = found.annotate(twinlock_ended=session_store.is_revoked(session))
    with store_faults:
        user = found.first() if pk is not None else None
    if user is None:
        return None, 0, False
    return user, user.twinlock_epoch or 0, bool(getattr(user, "twinlock_ended", False))


def _present_from_two(subject: str, session: Any) -> tuple[Any, int, bool]:
    found = read(subject)
    epoch = 0 if found is None else engine().status(subject, found[0]).epoch
    with store_faults:
        ended = session is not None and session_store.revoked(session).exists()
    return users.find(subject), epoch, ended
