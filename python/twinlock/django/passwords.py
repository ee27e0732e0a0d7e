"""What happens when a user's password changes, seen by the signal of the user model's `save`.

Nothing depends on it: tokens, challenges and the tokens of trusted devices are bound to the password's hash
itself, so they are void after an `update()` or a change by another program, too. This only takes the devices
off the list that the user is shown.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.signals import post_save

from twinlock.errors import Fault, Refused


def connect() -> None:
    """Begins to listen; called when the app is ready."""
    post_save.connect(_saved, sender=get_user_model(), dispatch_uid="twinlock.passwords")


def _saved(instance: Any, created: bool, using: str, raw: bool = False, **_: Any) -> None:
    # `set_password` leaves the password in `_password` until the save is done; a rehash at login does not.
    if not created and not raw and getattr(instance, "_password", None) is not None:
        transaction.on_commit(lambda: _forget(instance), using=using)


def _forget(user: Any) -> None:
    """Ends all trust, where there is some. A failure is in the audit log and does not reach the saver."""
    from . import services

    try:
        if services.status(user).trusted_devices:
            services.revoke_trusted_devices(user)
    except (Refused, Fault):
        return
