"""Tokens from a proof: each sign-in becomes a session whose row is stored before its tokens leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from twinlock import SlidingToken
from twinlock.errors import Refused

from .. import audit, client, session_store, users
from ..conf import settings
from ..frames import without_locals
from ..models import RefreshSession
from ..store import refuse_open_transaction, when
from .build import engine
from .events import typed

if TYPE_CHECKING:
    from twinlock import Proof, RefreshFamily, Tokens

CREDENTIAL_CLAIM = "cred"
SESSION_CLAIM = "fam"
STEP_UP_CLAIM = "step_up"
"""What a step-up by a sent code was for."""
STEPPED_SESSION_CLAIM = "step_up_of"
"""Whose session goes on in it."""
SECOND_FACTORS = frozenset(("otp", "backup", "sent", "mfa"))
"""What `amr` says of a second factor; all else in it is the first."""


@without_locals
def mint(user: Any, proof: Proof, *, device: str = "", request: Any = None) -> Tokens | SlidingToken:
    """The tokens of a sign-in for the user that the proof is about, and its session. The proof is used up.

    A pair, or one sliding token where TWINLOCK["JWT"]["SLIDING"] is on. `device` is what the client calls
    itself; it and the request's address and User-Agent are what the user finds in the list of sessions.
    Refused: `token_invalid` for another user's proof, or a user who may not sign in.
    """
    subject = users.subject_of(user)
    with audit.watched("mint", subject, request):
        refuse_open_transaction()
        if proof.subject != subject or not users.is_active(user):
            raise Refused("token_invalid")
        session = _session(user, proof, device, request)
        tokens = _begin(proof, session)
        if not session_store.insert(session):
            raise Refused("token_invalid")
    seen = {"session": session.pk, "device": session.device, "address": session.address}
    audit.event("session_started", subject, request=request, **seen)
    return tokens


def still_bound(user: Any, claims: dict[str, Any]) -> Any:
    """The user, who is there, active and has the same password as when the token of these claims was minted.

    Refused: `token_invalid`, also for None.
    """
    credential = claims.get(CREDENTIAL_CLAIM)
    if user is None or not users.is_active(user) or not users.has_credential(user, credential):
        raise Refused("token_invalid")
    return user


def session_of(claims: Mapping[str, Any]) -> Any:
    """The name of the session that a token belongs to, which another service may have left out."""
    return claims.get(STEPPED_SESSION_CLAIM, claims.get(SESSION_CLAIM))


def first_factor(amr: Iterable[str]) -> list[str]:
    """What `amr` says of the first factor; after an enrollment, that there is a session."""
    return [name for name in amr if name not in SECOND_FACTORS] or ["session"]


def token_text(token: Any) -> str:
    """A token as the engine takes it. Refused: `token_invalid` for what is no text."""
    if not isinstance(token, str):
        raise Refused("token_invalid")
    found: str = typed(token)
    return found


def _session(user: Any, proof: Proof, device: str, request: Any) -> RefreshSession:
    now = timezone.now()
    address = client.address(request)
    return RefreshSession(
        user_id=user.pk,
        epoch=proof.epoch,
        credential=users.credential(user),
        device=client.label(request, device),
        address=None if address is None else str(address),
        created_at=now,
        last_used_at=now,
    )


def _begin(proof: Proof, session: RefreshSession) -> Tokens | SlidingToken:
    """Mints the tokens and completes the row."""
    claims = {CREDENTIAL_CLAIM: session.credential}
    jwt = settings.JWT
    if jwt.SLIDING:
        sliding = engine().mint_sliding(proof, claims)
        minted = engine().verify(sliding.token, "sliding")
        _complete(session, minted[SESSION_CLAIM], minted["refresh_exp"])
        return sliding
    if not jwt.ROTATE:
        tokens = engine().mint(proof, claims)
        minted = engine().verify(tokens.refresh, "refresh")
        _complete(session, minted[SESSION_CLAIM], tokens.refresh_expires_at)
        return tokens
    tokens, family = engine().begin_session(proof, claims)
    _complete(session, family.id, family.expires_at, family)
    return tokens


def _complete(
    session: RefreshSession, name: str, expires_at: int, family: RefreshFamily | None = None
) -> None:
    session.pk = name
    session.expires_at = when(expires_at)
    session.state = "" if family is None else family.to_json()
