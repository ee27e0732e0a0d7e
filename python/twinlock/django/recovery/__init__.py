"""Recovery by mail: a link of its own kind, good once, and by policy something beside it.

`TWINLOCK["RECOVERY"]` says what is needed beside the link and the password: `backup_code` (the default),
`admin` (an operator calls `approve`, and only then is the link mailed), or nothing, with
`DANGER_email_and_password_only`.

The link's token is no password-reset token and the other way round. It dies with its use, with a new
password, with any change of the second factor (the epoch), with a new address, and after RECOVERY_TIMEOUT
seconds.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone

from twinlock.errors import Refused

from .. import audit, mail, services, users
from ..conf import settings
from ..faults import despite_rivals, store_faults
from ..frames import without_locals
from ..services.events import typed
from ..store import refuse_open_transaction, rows
from . import link
from .jobs import RecoveryMail, RecoveryRequest


class RecoveryRefused(Exception):
    """A recovery that is not granted; `.code` says why, its text says it to people."""

    code = "recovery_refused"


class LinkInvalid(RecoveryRefused):
    """The link is not of ours, was used, or has expired."""

    code = "recovery_link_invalid"


class CredentialsInvalid(RecoveryRefused):
    """The password is wrong."""

    code = "recovery_credentials_invalid"


class BackupCodeRequired(RecoveryRefused):
    """Link and password are right; a backup code is needed beside them."""

    code = "recovery_backup_code_required"


def request_recovery(email: str, *, request: Any = None) -> None:
    """Takes note of a request for an address, whoever it is of. What depends on the account happens later."""
    audit.event("recovery_asked", None, request=request)
    mail.hand_over(RecoveryRequest(typed(email)), None)


def approve(user: Any, *, request: Any = None) -> None:
    """An operator's approval of a waiting request: the link is mailed now.

    Refused: `not_enrolled` where none waits.
    """
    subject = users.subject_of(user)
    with audit.watched("recovery_approval", subject, request), store_faults:
        refuse_open_transaction()
        waiting = rows(subject).filter(enabled=True, recovery_requested_at__isnull=False)
        if not despite_rivals(lambda: waiting.update(recovery_approved_at=timezone.now())):
            raise Refused("not_enrolled")
    audit.event("recovery_approved", subject, request=request)
    mail.hand_over(RecoveryMail(subject), subject)


@without_locals
def confirm_recovery(
    uid: Any, token: Any, password: Any, *, backup_code: Any = None, request: Any = None, sender: Any = None
) -> Any:
    """Turns the second factor off for whoever has link, password and what the policy asks; returns the user.

    Raises LinkInvalid, CredentialsInvalid or BackupCodeRequired; Refused as `services.disable` for a wrong
    backup code.
    """
    refuse_open_transaction()
    case = link.case_of_link(uid, token)
    if case is None:
        raise _refused(LinkInvalid, None, request)
    if not _password_is_right(case.user, password, request):
        raise _refused(CredentialsInvalid, case.subject, request)
    if settings.RECOVERY == "backup_code":
        if not backup_code:
            raise _refused(BackupCodeRequired, case.subject, request)
        services.recover(case.user, backup=backup_code, request=request, sender=sender)
    else:
        if not link.claim(case):
            raise _refused(LinkInvalid, case.subject, request)
        services.recover(case.user, backup=None, request=request, sender=sender)
    return case.user


def _password_is_right(user: Any, password: Any, request: Any) -> bool:
    """Asks the host's authentication backends, so that their own limits count here too."""
    if not isinstance(password, str):
        return False
    credentials = {type(user).USERNAME_FIELD: user.get_username(), "password": typed(password)}
    found = authenticate(request, **credentials)
    return found is not None and found.pk == user.pk


def _refused(kind: type[RecoveryRefused], subject: str | None, request: Any) -> RecoveryRefused:
    audit.event("recovery_refused", subject, request=request, level=logging.WARNING, reason=kind.code)
    return kind(kind.__doc__)
