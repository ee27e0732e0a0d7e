"""Enrollment tokens as clients get them: the core's, bound to the user's present password.

The core's token dies with the record's epoch. A password that is changed because somebody else knows it must
not leave that one the rest of 15 minutes to set up an authenticator, so the client's token ends in a MAC that
moves with the password.
"""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature, Signer

from twinlock.errors import Refused

from .. import audit, users
from ..frames import without_locals
from .build import engine, second_factor
from .events import typed

_SEPARATOR = "~"


@without_locals
def bind_enrollment_token(user: Any, token: str) -> str:
    """The client's form of a token of the core."""
    return _signer(user).sign(token)


@without_locals
def check_enrollment_token(token: str, *, request: Any = None) -> Any:
    """The user whom a living enrollment token lets set up a first authenticator.

    Refused: `token_invalid` for all other text, and once a device is there, the password is another one or
    the user is gone or inactive.
    """
    text: str = typed(token)
    bare = text.rpartition(_SEPARATOR)[0]
    subject = engine().enrollment_subject(bare)
    with audit.watched("enrollment_token", subject, request):
        user = users.find(subject)
        if user is None or not users.is_active(user) or not _is_bound(user, text):
            raise Refused("token_invalid")
        second_factor().check_enrollment(bare)
    return user


def _is_bound(user: Any, text: str) -> bool:
    try:
        _signer(user).unsign(text)
    except BadSignature:
        return False
    return True


def _signer(user: Any) -> Signer:
    return Signer(salt=f"twinlock/enrollment/{users.binding(user)}", sep=_SEPARATOR)
