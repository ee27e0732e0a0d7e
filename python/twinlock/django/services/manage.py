"""What a signed-in user and an operator do with a second factor."""

from __future__ import annotations

from typing import Any

from twinlock.errors import Refused

from .. import audit, signals, users
from ..frames import without_locals
from ..notices import notify
from . import requirement
from .build import second_factor
from .events import tell, typed
from .state import status
from .watch import watched


@without_locals
def disable(
    user: Any,
    *,
    otp: str | None = None,
    backup: str | None = None,
    step_up: str | None = None,
    request: Any = None,
    sender: Any = None,
) -> None:
    """Turns the second factor off after a right code or a step-up for `disable`; just one of them is given.

    Refused: as `finish_sign_in`, without those of the challenge; `second_factor_required` for a step-up that
    is not recent or for something else; `enrollment_required` for whoever must have a second factor.
    """
    subject = users.subject_of(user)
    with watched("disable", user, request, sender):
        requirement.refuse_if_required(user)
        second_factor().disable(subject, otp=typed(otp), backup=typed(backup), step_up=step_up)
    turned_off("disabled", user, request, sender)


def disable_without_code(user: Any, *, request: Any = None, sender: Any = None) -> None:
    """Turns the second factor off, or drops a pending enrollment, on nobody's proof.

    For DANGER_DISABLE_WITHOUT_CODE. Refused: `not_enrolled`; `enrollment_required` as `disable`.
    """
    found = status(user)
    subject = users.subject_of(user)
    with watched("disable", user, request, sender):
        if not found.enabled and found.pending_until is None:
            raise Refused("not_enrolled")
        if found.enabled:
            requirement.refuse_if_required(user)
        second_factor().admin_reset(subject)
    turned_off("disabled_without_code", user, request, sender)


@without_locals
def regenerate_backup_codes(
    user: Any, *, otp: str | None = None, step_up: str | None = None, request: Any = None, sender: Any = None
) -> list[str]:
    """Replaces the whole set of backup codes after a right code of the authenticator; returns the new set.

    In place of `otp` there may be a step-up for `regenerate_backup_codes`, by such a code. Refused: as
    `disable`, without `enrollment_required`.
    """
    subject = users.subject_of(user)
    with watched("rotation", user, request, sender):
        codes = second_factor().regenerate_backup_codes(subject, otp=typed(otp), step_up=step_up)
    return _rotated(codes, user, request, sender)


@without_locals
def regenerate_backup_codes_without_code(user: Any, *, request: Any = None, sender: Any = None) -> list[str]:
    """As `regenerate_backup_codes`, on nobody's proof. For DANGER_ROTATE_WITHOUT_CODE and operators."""
    subject = users.subject_of(user)
    with watched("rotation", user, request, sender):
        codes = second_factor().admin_regenerate_backup_codes(subject)
    return _rotated(codes, user, request, sender)


def unlock(user: Any, *, request: Any = None) -> None:
    """Ends every lock and clears the failure history. For operators. Refused: `not_enrolled`."""
    subject = users.subject_of(user)
    with watched("unlock", user, request):
        second_factor().unlock(subject)
    audit.event("unlocked", subject, request=request)
    tell(signals.totp_unlocked, user=user, request=request, sender=None)


def admin_reset(user: Any, *, request: Any = None, sender: Any = None) -> None:
    """Turns the second factor off for a user who lost it. For operators."""
    subject = users.subject_of(user)
    with watched("reset", user, request, sender):
        second_factor().admin_reset(subject)
    tell(signals.totp_reset, user=user, request=request, sender=sender)
    turned_off("reset", user, request, sender)


@without_locals
def recover(user: Any, *, backup: str | None, request: Any = None, sender: Any = None) -> None:
    """Turns the second factor off for a link that `recovery` has checked, with a backup code if asked.

    Refused: as `disable`.
    """
    subject = users.subject_of(user)
    with watched("recovery", user, request, sender):
        if backup is None:
            second_factor().admin_reset(subject)
        else:
            second_factor().disable(subject, backup=typed(backup))
    audit.event("recovery_succeeded", subject, request=request)
    tell(signals.totp_recovery_succeeded, user=user, request=request, sender=sender)
    turned_off("disabled_by_recovery", user, request, sender)


def bump_epoch(user: Any, *, request: Any = None) -> None:
    """Makes every open challenge and every token of the user die. A new password does the same by itself."""
    subject = users.subject_of(user)
    with watched("epoch", user, request):
        second_factor().bump_epoch(subject)
    audit.event("epoch_moved", subject, request=request)


def turned_off(event: str, user: Any, request: Any, sender: Any) -> None:
    """Tells that the second factor is off."""
    audit.event(event, users.subject_of(user), request=request)
    tell(signals.totp_disabled, user=user, request=request, sender=sender)
    notify(user, "disabled")


def _rotated(codes: list[str], user: Any, request: Any, sender: Any) -> list[str]:
    audit.event("backup_codes_rotated", users.subject_of(user), request=request)
    tell(signals.backup_codes_rotated, user=user, request=request, sender=sender)
    notify(user, "backup_codes_rotated")
    return codes
