"""Tokens that djangorestframework-simplejwt issued before a project swapped: good until a stated moment.

They show a first factor, at an unknown time, and nothing else; so they count only for users of whom no
second factor is asked. simplejwt itself verifies them, by its own settings, and its blacklist counts. A
refresh token is exchanged once, for a session here; a row keeps that it was, so that a copy is noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import router
from django.utils import timezone

from twinlock import SlidingToken, Tokens
from twinlock.errors import Refused

from .. import audit, session_store, users
from ..conf import settings
from ..faults import store_faults
from ..frames import without_locals
from ..session_store import NewSession
from ..store import refuse_open_transaction, when
from . import requirement
from .build import engine, second_factor
from .state import status
from .tokens import SESSION_CLAIM, mint
from .watch import reused

ISSUED_TYPE = "JWT"
"""The header's `typ`; no token of ours has it."""
METHODS = ("simplejwt",)
"""The `amr` of a session that goes on from there: nobody knows what the first factor was."""
LONG_AGO = 0
"""Its `auth_time`: nobody knows when, so it never counts as recent."""
OUR_CLAIMS = frozenset(
    ("amr", "acr", "auth_time", "cred", "epoch", "fam", "purpose", "step_up", "step_up_of", "sub")
)
"""What a project may have put into its tokens, and what would say more of the sign-in than they know."""


def issued(token: str) -> bool:
    """Whether a token may be one of simplejwt's, while those count."""
    until = settings.JWT.ACCEPT_SIMPLEJWT_UNTIL
    if until is None or timezone.now().timestamp() >= until:
        return False
    import jwt

    try:
        return bool(jwt.get_unverified_header(token).get("typ") == ISSUED_TYPE)
    except jwt.PyJWTError:
        return False


@without_locals
def access(token: str) -> tuple[Any, dict[str, Any]]:
    """The user and the claims of an access token of simplejwt's. What is asked of the user is looked up anew.

    Refused: `token_expired`; `token_invalid` also where a second factor is asked of the user by now, or where
    all the user's tokens were ended since.
    """
    from rest_framework_simplejwt.settings import api_settings

    claims = _verified(token, api_settings.AUTH_TOKEN_CLASSES)
    user = _entitled(claims)
    return user, {name: value for name, value in claims.items() if name not in OUR_CLAIMS}


@without_locals
def looked_at(token: str) -> tuple[Any, dict[str, Any]]:
    """As `access`, for a token that may be a refresh token, too. Stores nothing."""
    try:
        return access(token)
    except Refused as refusal:
        if refusal.code != "token_invalid":
            raise
    claims = _verified(token, [_refresh_token()])
    user = _entitled(claims)
    if session_store.find(_row_of(claims), users.subject_of(user)) is not None:
        raise Refused("token_reused")
    return user, claims


@without_locals
def exchange(token: str, *, request: Any = None, sender: Any = None) -> Tokens | SlidingToken:
    """The tokens of a session that goes on where simplejwt's refresh token ends. It is used up.

    Refused: as `access`; `enrollment_required` where a second factor is overdue; `token_reused`, which ends
    the session that came of the token, unless two clients were merely fast.
    """
    refuse_open_transaction()
    claims = _verified(token, [_refresh_token()])
    user = _entitled(claims)
    subject = users.subject_of(user)
    with audit.watched("refresh", subject, request):
        requirement.refuse_if_unmet(user, ())
        row = _used_up(user, claims)
        if not session_store.insert(row):
            raise _refusal_of_copy(user, row.id, request, sender)
        found = second_factor().begin_sign_in(subject, methods=METHODS, at=LONG_AGO)
        if found.proof is None:
            raise Refused("token_invalid")
        tokens = mint(user, found.proof, request=request)
        session = _session_of(tokens)
        session_store.replace(row, state=session)
    audit.event("simplejwt_exchanged", subject, request=request, session=session)
    return tokens


@without_locals
def end(token: str, *, request: Any = None) -> None:
    """Signs out by a refresh token of simplejwt's: nothing can be had for it any more."""
    refuse_open_transaction()
    claims = _verified(token, [_refresh_token()])
    user = _user_of(claims)
    if user is not None and session_store.insert(_used_up(user, claims)):
        audit.event("logged_out", users.subject_of(user), request=request, session=_row_of(claims))


def _verified(token: str, kinds: Iterable[Any]) -> dict[str, Any]:
    """The claims, as simplejwt finds them in a token of one of these classes."""
    from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

    code = "token_invalid"
    for kind in kinds:
        try:
            return dict(kind(token).payload)
        except ExpiredTokenError:
            code = "token_expired"
        except TokenError:
            continue
    raise Refused(code)


def _refresh_token() -> Any:
    from rest_framework_simplejwt.tokens import RefreshToken

    return RefreshToken


def _entitled(claims: dict[str, Any]) -> Any:
    """The user, for whom a first factor is enough, and all of whose tokens were not ended since."""
    user = _user_of(claims)
    if user is None or not users.is_active(user) or not _has_password(user, claims):
        raise Refused("token_invalid")
    found, policy = status(user), engine().policy
    is_asked = found.enabled or found.preference == "sent" or policy.fallback != "sign_in"
    # An epoch has the time in it at which it began.
    if is_asked or found.epoch > int(claims.get("iat", 0)):
        raise Refused("token_invalid")
    return user


def _user_of(claims: dict[str, Any]) -> Any:
    from rest_framework_simplejwt.settings import api_settings

    model: Any = get_user_model()
    key = {api_settings.USER_ID_FIELD: claims.get(api_settings.USER_ID_CLAIM)}
    with store_faults:
        try:
            return model._default_manager.using(router.db_for_write(model)).filter(**key).first()
        except (TypeError, ValueError, OverflowError, ValidationError):
            return None


def _has_password(user: Any, claims: dict[str, Any]) -> bool:
    """Whether the user's password is that of the token, where simplejwt wrote which that was."""
    from rest_framework_simplejwt.settings import api_settings
    from rest_framework_simplejwt.utils import get_md5_hash_password

    if not api_settings.CHECK_REVOKE_TOKEN:
        return True
    return bool(claims.get(api_settings.REVOKE_TOKEN_CLAIM) == get_md5_hash_password(user.password))


def _row_of(claims: dict[str, Any]) -> str:
    """The name of the row that keeps that a refresh token was used up."""
    return hashlib.sha256(f"simplejwt/{claims.get('jti')}".encode()).hexdigest()[:32]


def _used_up(user: Any, claims: dict[str, Any]) -> NewSession:
    now = timezone.now()
    return NewSession(
        id=_row_of(claims),
        user_id=user.pk,
        credential="",
        device=METHODS[0],
        address=None,
        created_at=now,
        last_used_at=now,
        expires_at=when(int(claims["exp"])),
        revoked_at=now,
    )


def _session_of(tokens: Tokens | SlidingToken) -> str:
    if isinstance(tokens, Tokens):
        claims = engine().verify(tokens.refresh, "refresh")
    else:
        claims = engine().verify(tokens.token, "sliding")
    return str(claims[SESSION_CLAIM])


def _refusal_of_copy(user: Any, row_id: str, request: Any, sender: Any) -> Refused:
    """Why a used token is refused; what came of it ends, unless two tabs were merely fast."""
    subject = users.subject_of(user)
    row = session_store.find(row_id, subject)
    if row is None or not row.state:
        return Refused("session_ended")
    age = (timezone.now() - row.created_at).total_seconds()
    if age > settings.JWT.REUSE_GRACE and session_store.revoke(subject, row.state):
        reused(user, row.state, request, sender)
    return Refused("token_reused")
