"""What happens off the request's path: a request is noted, a link is mailed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import Q
from django.utils import timezone

from .. import audit, mail, users
from ..conf import settings
from ..faults import despite_rivals
from ..store import rows
from . import link

ACCOUNTS_PER_ADDRESS = 20


@dataclass(frozen=True)
class RecoveryRequest:
    """The job behind a request: notes it at the accounts of the address, mails the link if it may."""

    email: str

    def __call__(self) -> None:
        """Notes and mails."""
        for user in _accounts(self.email):
            subject = users.subject_of(user)
            _note(subject)
            case = link.case_of_user(user)
            if case is None:
                continue
            audit.event("recovery_requested", subject, mode=settings.RECOVERY)
            if link.approved(case):
                RecoveryMail(subject)()


@dataclass(frozen=True)
class RecoveryMail:
    """The job that mails the link."""

    subject: str

    def __call__(self) -> None:
        """Sends the mail."""
        user = users.find(self.subject)
        case = link.case_of_user(user)
        if case is None or not link.approved(case):
            return
        uid, token = link.make(case)
        url = settings.RECOVERY_CONFIRM_URL.format(uid=uid, token=token)
        mail.send(settings.RECOVERY_EMAIL_TEMPLATE, user, {"uid": uid, "token": token, "url": url})


def _note(subject: str) -> None:
    """Begins a request, unless one lives."""
    now = timezone.now()
    dead = Q(recovery_requested_at=None) | Q(recovery_requested_at__lt=now - link.life())
    row = rows(subject).filter(dead, enabled=True)
    despite_rivals(lambda: row.update(recovery_requested_at=now, recovery_approved_at=None))


def _accounts(email: str) -> list[Any]:
    """The active users of an address, compared as the database does and then exactly up to case."""
    model = get_user_model()
    field = users.email_field(model)
    if field is None or not email:
        return []
    query = {f"{field}__iexact": email}
    found = model._default_manager.using(router.db_for_write(model)).filter(**query)[:ACCOUNTS_PER_ADDRESS]
    return [
        user
        for user in found
        if users.email_of(user).casefold() == email.casefold() and users.is_active(user)
    ]
