"""Step-up: a signed-in user shows the second factor once more, for one purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twinlock.errors import ArgumentFault, Refused

from .. import audit, signals, users
from ..conf import settings
from ..frames import without_locals
from .backup_codes import backup_code_spent
from .build import engine, second_factor
from .events import tell, typed
from .tokens import CREDENTIAL_CLAIM
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
    if purpose not in step_up_purposes():
        raise ArgumentFault("argument_invalid", "purpose")
    subject = users.subject_of(user)
    told = {"user": user, "request": request, "sender": sender}
    try:
        with watched("step_up", user, request, sender):
            proof = second_factor().step_up(
                subject, purpose=purpose, session=session, otp=typed(otp), backup=typed(backup)
            )
    except Refused as refusal:
        tell(signals.step_up_failed, **told, purpose=purpose, reason=refusal.code)
        raise
    method = proof.method
    token = engine().mint_access(proof, {CREDENTIAL_CLAIM: users.credential(user)})
    audit.event("step_up_succeeded", subject, request=request, purpose=purpose, method=method)
    tell(signals.step_up_succeeded, **told, purpose=purpose)
    if method == "backup":
        backup_code_spent(**told)
    return token


@without_locals
def shows_step_up(token: str, purpose: str, *, max_age: int | None = None) -> bool:
    """Whether an access token shows a second factor that is fresh enough for a purpose.

    `max_age` is in seconds, the policy's `step_up_age` where it is None. That the token still counts is
    `verify_access`'s to say.
    """
    try:
        engine().require_step_up(typed(token), purpose, max_age=max_age)
    except Refused:
        return False
    return True


def step_up_age() -> int:
    """Seconds for which a second factor is fresh where a view says nothing else."""
    return engine().policy.step_up_age
