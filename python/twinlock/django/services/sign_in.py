"""Signing in: after the password a challenge, after the challenge a proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from twinlock.errors import Refused

from .. import audit, signals, users
from ..notices import notify
from ..store import find_user
from . import requirement
from .backup_codes import backup_code_spent
from .build import engine, second_factor, second_factor_with
from .events import tell, typed

if TYPE_CHECKING:
    from twinlock import Proof, SecondFactor, SignIn


def begin_sign_in(
    user: Any, *, methods: Sequence[str] = ("pwd",), request: Any = None, sender: Any = None
) -> SignIn:
    """Says that the user passed the first factor: `.challenge` to answer, or `.proof` where no second is set.

    Whoever must have a second factor and set none up in time gets `.enrollment`, which opens just that.

    The challenge dies when the user's password changes. Refused: `token_invalid` for a user who may not sign
    in.
    """
    subject = users.subject_of(user)
    with audit.watched("sign_in", subject, request):
        if not users.is_active(user):
            raise Refused("token_invalid")
        found = second_factor().begin_sign_in(subject, methods=methods, binding=users.binding(user))
        found = requirement.enforced(user, found)
    if found.challenge is not None:
        audit.event("sign_in_challenged", subject, request=request)
    elif found.enrollment is not None:
        audit.event("sign_in_needs_enrollment", subject, request=request)
    else:
        audit.event("sign_in_without_second_factor", subject, request=request)
        tell(signals.non_totp_login_succeeded, user=user, request=request, sender=sender)
    return found


def finish_sign_in(
    challenge: str,
    *,
    otp: str | None = None,
    backup: str | None = None,
    request: Any = None,
    sender: Any = None,
) -> tuple[Any, Proof]:
    """Checks the answer to a challenge; returns the user and a proof. Give one of `otp` and `backup`.

    Refused: `challenge_invalid` (also for a user who is gone, inactive or has a new password),
    `challenge_spent`, `wrong_code`, `replayed`, `locked` with `.retry_after`, `factor_disabled`,
    `not_enrolled`, `contended`.
    """
    user, factor = _challenged(challenge, request)
    subject = users.subject_of(user)
    try:
        with audit.watched("sign_in", subject, request):
            proof = factor.finish_sign_in(
                challenge, otp=typed(otp), backup=typed(backup), binding=users.binding(user)
            )
    except Refused as refusal:
        tell(signals.totp_login_failed, user=user, request=request, sender=sender, reason=refusal.code)
        raise
    audit.event("sign_in_succeeded", subject, request=request, method=proof.method)
    tell(signals.totp_login_succeeded, user=user, request=request, sender=sender)
    notify(user, "signed_in")
    if proof.method == "backup":
        backup_code_spent(user, request=request, sender=sender)
    return user, proof


def _challenged(challenge: Any, request: Any) -> tuple[Any, SecondFactor]:
    with audit.watched("sign_in", None, request):
        if not isinstance(challenge, str):
            raise Refused("challenge_invalid")
        subject = engine().challenge_subject(typed(challenge))
    with audit.watched("sign_in", subject, request):
        user, found, loaded = find_user(subject)
        if user is None or not users.is_active(user):
            raise Refused("challenge_invalid")
    return user, second_factor_with(found) if loaded else second_factor()
