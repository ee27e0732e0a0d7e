"""Tokens: minted from a proof, and looked at again with the user's present state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import F

from twinlock.errors import Refused

from .. import audit, users
from ..faults import store_faults
from ..store import database, read
from . import requirement
from .build import engine
from .events import typed

if TYPE_CHECKING:
    from twinlock import AccessToken, Proof, Tokens

CREDENTIAL_CLAIM = "cred"


def mint(user: Any, proof: Proof) -> Tokens:
    """An access and a refresh token for the user that the proof is about. The proof is used up."""
    subject = users.subject_of(user)
    with audit.watched("mint", subject):
        if proof.subject != subject or not users.is_active(user):
            raise Refused("token_invalid")
        return engine().mint(proof, {CREDENTIAL_CLAIM: users.credential(user)})


def refresh(refresh_token: str, *, request: Any = None) -> AccessToken:
    """A new access token, while the user is there and active and neither password nor second factor changed.

    Refused: `token_expired`, `token_invalid`; `enrollment_required` where a second factor is overdue.
    """
    token = _text(refresh_token)
    subject = engine().refresh_subject(token)
    with audit.watched("refresh", subject, request):
        claims = engine().verify(token, "refresh")
        user = _checked(users.find(subject), claims)
        requirement.refuse_if_unmet(user, claims.get("amr", ()))
        found = read(subject)
        return engine().refresh(token, None if found is None else found[0])


def verify_access(token: str) -> tuple[Any, dict[str, Any]]:
    """The user and the claims of an access token that still counts; one query.

    Refused: `token_expired`; `token_invalid` also when the user is gone or inactive, or password or second
    factor changed.
    """
    return _still_counts(engine().verify(_text(token), "access"))


def verify(token: str) -> tuple[Any, dict[str, Any]]:
    """As `verify_access`, for a token that may be an access or a refresh token. A challenge is neither."""
    text = _text(token)
    try:
        claims = engine().verify(text, "access")
    except Refused as refusal:
        if refusal.code != "token_invalid":
            raise
        claims = engine().verify(text, "refresh")
    return _still_counts(claims)


def _still_counts(claims: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    user, epoch = _user_and_epoch(claims["sub"])
    user = _checked(user, claims)
    if claims.get("epoch") != epoch:
        raise Refused("token_invalid")
    return user, claims


def _user_and_epoch(subject: str) -> tuple[Any, int]:
    model = get_user_model()
    alias = router.db_for_write(model)
    if alias != database():
        found = read(subject)
        return users.find(subject), 0 if found is None else engine().status(subject, found[0]).epoch
    pk = users.pk_of(subject)
    with store_faults():
        found = (
            model._default_manager.using(alias)
            .filter(pk=pk)
            .annotate(twinlock_epoch=F("second_factor__epoch"))
        )
        user = found.first() if pk is not None else None
    return user, (user.twinlock_epoch or 0) if user is not None else 0


def _checked(user: Any, claims: dict[str, Any]) -> Any:
    if (
        user is None
        or not users.is_active(user)
        or not users.has_credential(user, claims.get(CREDENTIAL_CLAIM))
    ):
        raise Refused("token_invalid")
    return user


def _text(token: Any) -> str:
    if not isinstance(token, str):
        raise Refused("token_invalid")
    found: str = typed(token)
    return found
