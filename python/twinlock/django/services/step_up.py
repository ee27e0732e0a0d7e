"""Step-up: a signed-in user shows the second factor once more, for one purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from twinlock.errors import ArgumentFault, Refused

from .. import audit, signals, users
from ..conf import settings
from ..frames import without_locals
from .backup_codes import backup_code_spent
from .build import engine, second_factor
from .events import tell, typed
from .tokens import CREDENTIAL_CLAIM, STEP_UP_CLAIM
from .watch import watched

if TYPE_CHECKING:
    from twinlock import AccessToken

GENERAL = "general"
OWN_PURPOSES = ("disable", "regenerate_backup_codes", "add_device", "remove_device", "set_method")
"""What the core calls its sensitive actions."""


def step_up_purposes() -> tuple[str, ...]:
    """All that a user may step up for."""
    return tuple(dict.fromkeys((*OWN_PURPOSES, GENERAL, *settings.STEP_UP_PURPOSES)))


@without_locals
def step_up(
    user: Any,
    purpose: str,
    *,
    session: str | None = None,
    otp: str | None = None,
    backup: str | None = None,
    request: Any = None,
    sender: Any = None,
) -> AccessToken:
    """A fresh access token for one purpose, after a right code. Exactly one of `otp` and `backup` is given.

    `session` is the access token that goes on in the new one. Refused: as `disable`; `second_factor_required`
    for a session that is over. Fault: ArgumentFault for a purpose that is not in `step_up_purposes`.
    """
    subject = users.subject_of(user)
    told = {"user": user, "request": request, "sender": sender}
    with stepping_up(purpose, **told):
        proof = second_factor().step_up(
            subject, purpose=purpose, session=session, otp=typed(otp), backup=typed(backup)
        )
    method = proof.method
    token = engine().mint_access(proof, {CREDENTIAL_CLAIM: users.credential(user)})
    stepped_up(purpose, method, **told)
    if method == "backup":
        backup_code_spent(**told)
    return token


def check_purpose(purpose: str) -> None:
    """Fault: ArgumentFault for what nobody can step up for."""
    if purpose not in step_up_purposes():
        raise ArgumentFault("argument_invalid", "purpose")


@contextmanager
def stepping_up(purpose: str, *, user: Any, request: Any, sender: Any) -> Iterator[None]:
    """Tells of a step-up that is refused."""
    check_purpose(purpose)
    try:
        with watched("step_up", user, request, sender):
            yield
    except Refused as refusal:
        told = {"user": user, "request": request, "sender": sender}
        tell(signals.step_up_failed, **told, purpose=purpose, reason=refusal.code)
        raise


def stepped_up(purpose: str, method: str | None, *, user: Any, request: Any, sender: Any) -> None:
    """Tells of a step-up that was made."""
    subject = users.subject_of(user)
    audit.event("step_up_succeeded", subject, request=request, purpose=purpose, method=method)
    tell(signals.step_up_succeeded, user=user, request=request, sender=sender, purpose=purpose)


@without_locals
def shows_step_up(token: str, purpose: str, *, max_age: int | None = None) -> bool:
    """Whether an access token shows a second factor that is fresh enough for a purpose.

    `max_age` is in seconds, the policy's `step_up_age` where it is None. That the token still counts is
    `verify_access`'s to say.
    """
    try:
        claims = engine().require_step_up(typed(token), purpose, max_age=max_age)
    except Refused:
        return False
    return bool(claims.get(STEP_UP_CLAIM, purpose) == purpose)


def step_up_age() -> int:
    """Seconds for which a second factor is fresh where a view says nothing else."""
    return engine().policy.step_up_age
