"""The table of audit events: every name that the logger `twinlock.audit` writes, with its fields.

Names and fields are stable. Every event has `event` and `subject` (the user's id, None where nobody is
known), and `request_id` where the request has an X-Request-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import NamedTuple


class AuditEvent(NamedTuple):
    """What an event means, the fields of its own, and its level."""

    meaning: str
    fields: tuple[str, ...] = ()
    level: int = logging.INFO


COMMON = frozenset(("event", "subject", "request_id"))

PLAIN = {
    "sign_in_without_second_factor": AuditEvent("The first factor was passed, and no second one is due."),
    "sign_in_challenged": AuditEvent("The first factor was passed, and a code is asked for."),
    "sign_in_on_trusted_device": AuditEvent("A trusted device took the place of the second factor."),
    "sign_in_needs_enrollment": AuditEvent("The first factor was passed, and opens enrollment alone."),
    "sign_in_succeeded": AuditEvent("The second factor was passed.", ("method",)),
    "enrollment_required": AuditEvent("A user was first seen who must have a second factor.", ("due_at",)),
    "grace_renewed": AuditEvent("An operator let the grace period begin anew."),
    "enrollment_opened": AuditEvent("A sent code opened enrollment."),
    "enrollment_started": AuditEvent("A first authenticator is being set up.", ("device",)),
    "enrollment_confirmed": AuditEvent("The second factor was turned on.", ("device",)),
    "device_started": AuditEvent("A further device is being set up.", ("device",)),
    "device_added": AuditEvent("A further device was confirmed.", ("device",)),
    "device_renamed": AuditEvent("A device got another name.", ("device",)),
    "device_removed": AuditEvent("A device was removed.", ("device",)),
    "device_resynchronized": AuditEvent("The counter of a device was found again.", ("device",)),
    "method_changed": AuditEvent("The user chose how to be asked.", ("method",)),
    "code_sent": AuditEvent("A code was handed over for delivery."),
    "code_delivery_failed": AuditEvent("A code could not be delivered.", ("error",), logging.ERROR),
    "backup_code_used": AuditEvent("A backup code was spent.", ("codes_left",)),
    "backup_codes_low": AuditEvent("Few backup codes are left.", ("codes_left",)),
    "backup_codes_rotated": AuditEvent("New backup codes replaced the old ones."),
    "step_up_succeeded": AuditEvent("The second factor was shown once more.", ("purpose", "method")),
    "disabled": AuditEvent("The user turned the second factor off."),
    "disabled_without_code": AuditEvent("The second factor was turned off on nobody's proof."),
    "disabled_by_recovery": AuditEvent("A recovery link turned the second factor off."),
    "reset": AuditEvent("An operator turned the second factor off."),
    "locked": AuditEvent("Wrong codes locked the second factor.", ("reason", "retry_after"), logging.WARNING),
    "unlocked": AuditEvent("An operator ended the locks."),
    "epoch_moved": AuditEvent("All tokens, open sign-ins and trusted devices of the user ended."),
    "recovery_asked": AuditEvent("A recovery link was asked for, for whatever address."),
    "recovery_requested": AuditEvent("The address is of a user with a second factor.", ("mode",)),
    "recovery_approved": AuditEvent("An operator approved a recovery; the link is mailed."),
    "recovery_succeeded": AuditEvent("A recovery link was used."),
    "session_started": AuditEvent("Tokens were issued.", ("session", "device", "address")),
    "simplejwt_exchanged": AuditEvent(
        "A refresh token that simplejwt issued before the swap began a session.", ("session",)
    ),
    "refreshed": AuditEvent("A session went on.", ("session",), logging.DEBUG),
    "session_reused": AuditEvent(
        "A refresh token came back that was exchanged before; its session ended.",
        ("session", "address"),
        logging.WARNING,
    ),
    "session_revoked": AuditEvent("A session was ended.", ("session",)),
    "logged_out": AuditEvent("A user signed out.", ("session",)),
    "logged_out_everywhere": AuditEvent("A user ended all sessions."),
    "device_trusted": AuditEvent("A device was trusted.", ("device",)),
    "trust_revoked": AuditEvent("The trust in a device ended; without a `device`, in all.", ("device",)),
    "operator_action": AuditEvent("An operator is about to do something.", ("operator", "action")),
    "records_resealed": AuditEvent(
        "Records were sealed anew; a warning where some could not be.", ("resealed", "failed", "key")
    ),
    "mail_failed": AuditEvent("A mail could not be sent.", ("error",), logging.ERROR),
}

ACTIONS = {
    "sign_in": "a sign-in, at either factor",
    "code": "a code to be sent",
    "enrollment": "the start of an enrollment",
    "enrollment_token": "an enrollment token",
    "confirmation": "the first code of an authenticator",
    "device": "a change of a device",
    "method": "a choice of how to be asked",
    "rotation": "new backup codes",
    "disable": "turning the second factor off",
    "step_up": "a step-up",
    "unlock": "an operator's unlocking",
    "reset": "an operator's reset",
    "recovery": "a recovery",
    "recovery_approval": "an operator's approval",
    "epoch": "ending everything of a user",
    "mint": "the issue of tokens",
    "refresh": "a refresh token",
    "revocation": "the end of a session",
    "trust": "the trust in a device",
    "status": "looking at a second factor",
}
"""What can be refused, or fail because a key, a record or the store cannot be used."""


def _outcomes() -> Mapping[str, AuditEvent]:
    found = {}
    for action, what in ACTIONS.items():
        refused = AuditEvent(f"Refused: {what}.", ("reason", "retry_after"), logging.WARNING)
        found[f"{action}_refused"] = refused
        found[f"{action}_failed"] = AuditEvent(f"Not possible: {what}.", ("reason",), logging.ERROR)
    return found


EVENTS: Mapping[str, AuditEvent] = {**PLAIN, **_outcomes()}
