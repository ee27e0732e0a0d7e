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
from ..session_store import NewSession
from ..store import refuse_open_transaction, when
from .build import engine
from .events import typed

if TYPE_CHECKING:
    from twinlock import Pending, Proof, RefreshFamily, SecondFactor, SignedIn, Tokens

    from ..store import CallStore

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
        session = _session(user, users.credential(user), device, request)
        session.epoch = proof.epoch
        tokens = _begin(proof, session)
        if not session_store.insert(session):
            raise Refused("token_invalid")
    started(subject, session, request)
    return tokens


def rotate() -> bool:
    """Whether refresh tokens rotate, so that a session is a family of them."""
    jwt = settings.JWT
    return jwt.ROTATE and not jwt.SLIDING


@without_locals
def begin_with(
    store: CallStore, factor: SecondFactor, user: Any, told: dict[str, Any], *, device: str, request: Any
) -> tuple[SignedIn, NewSession]:
    """Judges the answer to a challenge; a right one begins a session, stored with the record or not at all.

    Returns the session's row, too, for `started`. `factor` is the one over `store`, `told` the arguments of
    `Engine.finish_sign_in`.
    """
    session = _session(user, told["binding"][: users.CRED_HEX], device, request)
    claims = {CREDENTIAL_CLAIM: session.credential}

    def decide(_: str, record: bytes | None) -> Pending[SignedIn]:
        pending = factor.engine.with_session(factor.engine.finish_sign_in(record, **told), claims)
        family = pending.family
        if family is not None:
            _complete(session, family.id, family.expires_at, family)
        store.session = None if family is None else session
        return pending

    return factor.settle(users.subject_of(user), decide), session


def started(subject: str, session: NewSession, request: Any) -> None:
    """Tells of a session that was stored."""
    seen: dict[str, Any] = {"session": session.id, "device": session.device, "address": session.address}
    audit.event("session_started", subject, request=request, **seen)


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


def _session(user: Any, credential: str, device: str, request: Any) -> NewSession:
    now = timezone.now()
    return NewSession(
        user_id=user.pk,
        credential=credential,
        device=client.label(request, device),
        address=client.address_text(request),
        created_at=now,
        last_used_at=now,
    )


def _begin(proof: Proof, session: NewSession) -> Tokens | SlidingToken:
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


def _complete(session: NewSession, name: str, expires_at: int, family: RefreshFamily | None = None) -> None:
    session.id = name
    session.expires_at = when(expires_at)
    session.state = "" if family is None else family.to_json()
