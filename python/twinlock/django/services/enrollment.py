"""Setting up an authenticator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import audit, signals, users
from ..frames import without_locals
from ..notices import notify
from . import requirement
from .build import second_factor
from .events import tell, typed
from .state import status
from .watch import watched

if TYPE_CHECKING:
    from twinlock import Enrolled, Setup


@without_locals
def begin_enrollment(user: Any, *, name: str | None = None, request: Any = None, sender: Any = None) -> Setup:
    """Makes the user's one pending device; nothing changes at sign-in until it is confirmed.

    Refused: `already_enrolled`. Fault: ArgumentFault where `name` cannot be a device's name.
    """
    subject = users.subject_of(user)
    requirement.grace_ends_at(user)  # the day counts, should the second factor be reset one day
    with watched("enrollment", user, request, sender):
        setup = second_factor().begin_enrollment(subject, account=users.account_name(user), name=name)
    audit.event("enrollment_started", subject, request=request, device=setup.device_id)
    tell(signals.enrollment_started, user=user, request=request, sender=sender, device=setup.device_id)
    return setup


@without_locals
def confirm_enrollment(user: Any, code: str, *, request: Any = None, sender: Any = None) -> Enrolled:
    """Confirms the pending device with its first code; gives the backup codes and a proof for new tokens.

    A further device, begun with `add_device`, brings no backup codes: those of the first stay good.

    Refused: `wrong_code`, `no_pending_enrollment`, `enrollment_expired`, `already_enrolled`.
    """
    subject = users.subject_of(user)
    with watched("confirmation", user, request, sender):
        # Asked before: a question that fails afterwards would cost the user the backup codes.
        is_further = status(user).enabled
        enrolled = second_factor().confirm_enrollment(subject, typed(code))
    if is_further:
        audit.event("device_added", subject, request=request, device=enrolled.device_id)
        tell(signals.device_added, user=user, request=request, sender=sender, device=enrolled.device_id)
        notify(user, "device_added")
        return enrolled
    audit.event("enrollment_confirmed", subject, request=request, device=enrolled.device_id)
    tell(signals.totp_created, user=user, request=request, sender=sender)
    notify(user, "enabled")
    return enrolled
