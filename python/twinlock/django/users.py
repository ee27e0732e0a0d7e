"""The host's users, as this app needs them: found by subject, with a digest of their credential.

The subject is `str(user.pk)`, whatever the kind of primary key.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import router

from .faults import store_faults

User = Any
"""An instance of the host's user model."""

ACCOUNT_MAX = 128
CRED_HEX = 16


def user_model() -> Any:
    """The host's user model; Django's `get_user_model` looks it up anew each time."""
    return _model(settings.AUTH_USER_MODEL)


@lru_cache(maxsize=16)
def _model(name: str) -> Any:
    return apps.get_model(name, require_ready=False)


def subject_of(user: User) -> str:
    """The id under which the engine knows the user."""
    return str(user.pk)


def pk_of(subject: str) -> Any:
    """The primary key of a subject, or None where no user can have it."""
    field = user_model()._meta.pk
    if "\x00" in subject:  # PostgreSQL raises on it
        return None
    try:
        pk = field.to_python(subject)
    except (ValidationError, ValueError, OverflowError):
        return None
    if isinstance(pk, int) and not -(2**63) <= pk < 2**63:  # SQLite raises on it
        return None
    return pk if str(pk) == subject else None


def find(subject: str) -> User | None:
    """The user of a subject, read where writes go, or None."""
    model = user_model()
    pk = pk_of(subject)
    if pk is None:
        return None
    with store_faults:
        return model._default_manager.using(router.db_for_write(model)).filter(pk=pk).first()


def exists(subject: str) -> bool:
    """Whether a row of that subject is there, hidden by the model's manager or not."""
    model = user_model()
    pk = pk_of(subject)
    with store_faults:
        return pk is not None and model._base_manager.using(router.db_for_write(model)).filter(pk=pk).exists()


def is_active(user: User) -> bool:
    """Whether the user may sign in."""
    return bool(getattr(user, "is_active", True))


def binding(user: User) -> str:
    """What a challenge is bound to: a digest that moves when the password does."""
    return _digest(_session_hash(user))


def credential(user: User) -> str:
    """The `cred` claim: enough of the same digest to notice a change of the password."""
    return binding(user)[:CRED_HEX]


def has_credential(user: User, claim: Any) -> bool:
    """Whether a `cred` claim is of the user's present password, under SECRET_KEY or one of its fallbacks."""
    if not isinstance(claim, str):
        return False
    return any(hmac.compare_digest(right.encode(), claim.encode()) for right in credentials(user))


def credentials(user: User) -> list[str]:
    """The `cred` claims that count: of the present password under SECRET_KEY, then under its fallbacks."""
    return [_digest(text)[:CRED_HEX] for text in _hashes(user)]


def credential_mac(user: User, text: str) -> str:
    """A MAC of the text under a key made of the password's hash and SECRET_KEY: it dies with the password."""
    return _mac(_session_hash(user), text)


def has_credential_mac(user: User, text: str, mac: str) -> bool:
    """Whether `mac` is the MAC of the text under the present password, or a fallback of SECRET_KEY."""
    return any(hmac.compare_digest(_mac(found, text).encode(), mac.encode()) for found in _hashes(user))


def account_name(user: User) -> str:
    """The user's name as authenticator apps show it: no colon, no control characters, 128 at most."""
    kept = "".join(char for char in user.get_username() if char.isprintable() and char != ":")
    return kept[:ACCOUNT_MAX].strip() or "user"


def email_of(user: User) -> str:
    """The user's mail address, or nothing where the model has none."""
    field = email_field(type(user))
    return str(getattr(user, field) or "") if field else ""


def email_field(model: Any) -> str | None:
    """The field of a user model that holds the mail address. Django names one whether it is there or not."""
    name = model.get_email_field_name() if hasattr(model, "get_email_field_name") else ""
    return name if any(field.name == name for field in model._meta.get_fields()) else None


def _session_hash(user: User) -> str:
    session_hash = getattr(user, "get_session_auth_hash", None)
    return session_hash() if session_hash else ""


def _hashes(user: User) -> list[str]:
    """The present password's hash under SECRET_KEY and each of its fallbacks."""
    fallback = getattr(user, "get_session_auth_fallback_hash", None)
    return [_session_hash(user), *(fallback() if fallback else ())]


def _mac(session_hash: str, text: str) -> str:
    key = hashlib.sha256(b"twinlock/mac/" + session_hash.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(b"twinlock/credential/" + text.encode()).hexdigest()
