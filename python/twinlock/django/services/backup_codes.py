"""The news that a backup code was spent."""

from __future__ import annotations

from typing import Any

from twinlock.errors import StoreFault

from .. import audit, signals, users
from ..faults import store_faults
from ..notices import notify
from ..store import rows
from .events import tell

FEW_CODES = 3


def backup_code_spent(user: Any, *, request: Any, sender: Any) -> None:
    """Tells that a backup code was used, and how many are left."""
    subject = users.subject_of(user)
    try:
        with store_faults:
            left = rows(subject).values_list("backup_codes_left", flat=True).first() or 0
    except StoreFault:  # what the code was used for is stored and stands; only its news is lost
        return
    audit.event("backup_code_used", subject, request=request, codes_left=left)
    if left <= FEW_CODES:
        audit.event("backup_codes_low", subject, request=request, codes_left=left)
        tell(signals.backup_codes_low, user=user, request=request, sender=sender, codes_left=left)
    tell(signals.backup_code_used, user=user, request=request, sender=sender, codes_left=left)
    notify(user, "backup_code_used")
