"""The devices of a user who has some, and how the user is asked.

An `answer` is one of `otp=…`, `backup=…` and `step_up=…`, an access token whose step-up was for this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from twinlock.errors import Refused

from .. import audit, signals, users
from ..frames import without_locals
from ..notices import notify
from . import requirement
from .build import second_factor
from .events import tell, typed
from .manage import turned_off
from .state import status
from .watch import watched

if TYPE_CHECKING:
    from twinlock import Setup


@without_locals
def add_device(
    user: Any, *, parameters: dict[str, Any] | None = None, request: Any = None, **answer: str
) -> Setup:
    """Begins to add a device after a right answer; `confirm_enrollment` ends it.

    `parameters` may hold `name`, `kind`, `algorithm`, `digits` and `period`; the policy says the others.
    Refused: `too_many_devices`, and as `disable`. Fault: ArgumentFault for a parameter that cannot be.
    """
    subject = users.subject_of(user)
    account = users.account_name(user)
    with watched("device", user, request):
        setup = second_factor().add_device(subject, account=account, **(parameters or {}), **_typed(answer))
    audit.event("device_started", subject, request=request, device=setup.device_id)
    return setup


def rename_device(user: Any, device_id: str, name: str, *, request: Any = None, sender: Any = None) -> None:
    """Gives a device another name.

    Refused: `device_unknown`, `too_many_devices` where the record has no room for so long a name. Fault:
    ArgumentFault where `name` cannot be a device's name.
    """
    subject = users.subject_of(user)
    with watched("device", user, request, sender):
        second_factor().rename_device(subject, typed(device_id), name)
    audit.event("device_renamed", subject, request=request, device=device_id)
    tell(signals.device_renamed, user=user, request=request, sender=sender, device=device_id)


@without_locals
def remove_device(
    user: Any, device_id: str, *, request: Any = None, sender: Any = None, **answer: str
) -> bool:
    """Removes a device after a right answer; says whether others are left. All tokens of the user die.

    Without its last device the second factor is off, as after `disable`. Refused: `device_unknown`, and as
    `disable`; `enrollment_required` for the last device of whoever must have one.
    """
    subject = users.subject_of(user)
    with watched("device", user, request, sender), _unknown_without_any():
        if [device.id for device in status(user).devices] == [device_id]:
            requirement.refuse_if_required(user)
        left = second_factor().remove_device(subject, typed(device_id), **_typed(answer)) == "one"
    audit.event("device_removed", subject, request=request, device=device_id)
    tell(signals.device_removed, user=user, request=request, sender=sender, device=device_id)
    if left:
        notify(user, "device_removed")
    else:
        turned_off("disabled", user, request, sender)
    return left


@without_locals
def resync_device(user: Any, device_id: str, first: str, second: str, *, request: Any = None) -> None:
    """Finds the counter of a counter device again by two codes that it showed one after the other.

    Refused: `device_unknown`, `method_not_allowed` for a device without a counter, `wrong_code`, `locked`,
    `factor_disabled`.
    """
    subject = users.subject_of(user)
    with watched("device", user, request), _unknown_without_any():
        second_factor().resync_device(subject, typed(device_id), typed(first), typed(second))
    audit.event("device_resynchronized", subject, request=request, device=device_id)


@without_locals
def set_method(user: Any, method: str, *, request: Any = None, sender: Any = None, **answer: str) -> None:
    """Stores how the user wants to be asked: `otp`, `sent` or `off`. With a device this needs an answer.

    Refused: `method_not_allowed` where the policy does not let that way in, `not_enrolled` for `otp` without
    a device, `second_factor_required` without an answer, and as `disable`.
    """
    subject = users.subject_of(user)
    with watched("method", user, request, sender):
        second_factor().set_method(subject, method, **_typed(answer))
    audit.event("method_changed", subject, request=request, method=method)
    tell(signals.method_changed, user=user, request=request, sender=sender, method=method)
    notify(user, "method_changed")


def _typed(answer: dict[str, str]) -> dict[str, Any]:
    return {kind: typed(text) for kind, text in answer.items()}


@contextmanager
def _unknown_without_any() -> Iterator[None]:
    """A user without any device knows none of that id either."""
    try:
        yield
    except Refused as refusal:
        if refusal.code != "not_enrolled":
            raise
        raise Refused("device_unknown") from None
