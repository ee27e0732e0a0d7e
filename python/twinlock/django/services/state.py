"""Looking at a user's second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import audit, users
from ..store import read
from .build import engine

if TYPE_CHECKING:
    from twinlock import Status


def status(user: Any) -> Status:
    """The state of the user's second factor, nothing secret in it. May be asked inside a transaction."""
    subject = users.subject_of(user)
    with audit.watched("status", subject):
        found = read(subject)
        return engine().status(subject, None if found is None else found[0])


def ways_of(found: Status) -> list[str]:
    """The ways that this user can choose to be asked, for `set_method`: `otp`, `sent`, `off`."""
    policy = engine().policy
    ways = {
        "otp": found.enabled,
        "sent": policy.sent_codes == "sign_in" or (policy.sent_codes == "enroll" and not found.enabled),
        "off": policy.opt_out == "allowed" and not found.enabled,
    }
    return [name for name, open_to in ways.items() if open_to]


def methods_of(found: Status) -> list[str]:
    """What the user can answer with: `otp`, `backup`."""
    methods = {"otp": bool(found.devices), "backup": found.backup_codes_left > 0}
    return [name for name, usable in methods.items() if found.enabled and usable]
