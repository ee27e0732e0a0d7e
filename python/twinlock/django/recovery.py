"""Recovery by mail: a link of its own kind, good once, and by policy something beside it.

`TWINLOCK["RECOVERY"]` says what is needed beside the link and the password: `backup_code` (the default),
`admin` (an operator calls `approve`, and only then is the link mailed), or nothing, with
`DANGER_email_and_password_only`.

The link's token is no password-reset token and the other way round. It dies with its use, with a new
password, with any change of the second factor (the epoch), with a new address, and after RECOVERY_TIMEOUT
seconds.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import router
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode

from twinlock.errors import Refused

from . import audit, mail, services, users
from .conf import settings
from .services.events import typed
from .store import rows

ACCOUNTS_PER_ADDRESS = 5


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
    with audit.watched("recovery_approval", subject, request):
        waiting = rows(subject).filter(enabled=True, recovery_requested_at__isnull=False)
        if not waiting.update(recovery_approved_at=timezone.now()):
            raise Refused("not_enrolled")
    audit.event("recovery_approved", subject, request=request)
    mail.hand_over(RecoveryMail(subject), subject)


def confirm_recovery(
    uid: Any, token: Any, password: Any, *, backup_code: Any = None, request: Any = None, sender: Any = None
) -> Any:
    """Turns the second factor off for whoever holds the link, the password and what the policy asks; returns the user.

    Raises LinkInvalid, CredentialsInvalid or BackupCodeRequired; Refused as `services.disable` for a wrong backup code.
    """
    case = _case_of_link(uid, token)
    if case is None:
        raise _refused(LinkInvalid, None, request)
    if not _password_is_right(case.user, password, request):
        raise _refused(CredentialsInvalid, case.subject, request)
    if settings.RECOVERY == "backup_code":
        if not backup_code:
            raise _refused(BackupCodeRequired, case.subject, request)
        services.recover(case.user, backup=backup_code, request=request, sender=sender)
    else:
        if not _claim(case):
            raise _refused(LinkInvalid, case.subject, request)
        services.recover(case.user, backup=None, request=request, sender=sender)
    return case.user


@dataclass(frozen=True)
class Case:
    """A user with a second factor and a living recovery request."""

    user: Any
    epoch: int
    requested_at: datetime.datetime
    approved_at: datetime.datetime | None

    @property
    def subject(self) -> str:
        return users.subject_of(self.user)


class RecoveryTokens(PasswordResetTokenGenerator):
    """The tokens in recovery links: over a Case, with a salt and a life of their own."""

    key_salt = "twinlock.django.recovery.RecoveryTokens"

    def check_token(self, user: Any, token: Any) -> bool:
        """Whether the token is of this case and young enough. `user` is a Case."""
        if not isinstance(token, str):
            return False
        try:
            moment = base36_to_int(token.partition("-")[0])
        except ValueError:
            return False
        mine = [
            self._make_token_with_timestamp(user, moment, key)
            for key in (self.secret, *self.secret_fallbacks)
        ]
        young = self._num_seconds(self._now()) - moment <= settings.RECOVERY_TIMEOUT
        return any([constant_time_compare(text, token) for text in mine]) and young

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        case: Case = user
        state = (
            case.subject,
            getattr(case.user, "password", ""),
            users.email_of(case.user),
            case.epoch,
            case.requested_at.isoformat(),
            case.approved_at and case.approved_at.isoformat(),
            timestamp,
        )
        return repr(state)


tokens = RecoveryTokens()


@dataclass(frozen=True)
class RecoveryRequest:
    """The job behind a request: notes it at the accounts of the address and mails the link, if that may go."""

    email: str

    def __call__(self) -> None:
        for user in _accounts(self.email):
            subject = users.subject_of(user)
            now = timezone.now()
            row = rows(subject).filter(enabled=True)
            dead = Q(recovery_requested_at=None) | Q(recovery_requested_at__lt=now - _life())
            row.filter(dead).update(recovery_requested_at=now, recovery_approved_at=None)
            case = _case(user)
            if case is None:
                continue
            audit.event("recovery_requested", subject, mode=settings.RECOVERY)
            if _approved(case):
                RecoveryMail(subject)()


@dataclass(frozen=True)
class RecoveryMail:
    """The job that mails the link."""

    subject: str

    def __call__(self) -> None:
        user = users.find(self.subject)
        case = _case(user)
        if case is None or not _approved(case):
            return
        uid, token = urlsafe_base64_encode(force_bytes(self.subject)), tokens.make_token(case)
        url = settings.RECOVERY_CONFIRM_URL.format(uid=uid, token=token)
        mail.send(settings.RECOVERY_EMAIL_TEMPLATE, user, {"uid": uid, "token": token, "url": url})


def _case(user: Any) -> Case | None:
    """The user's living request, seen with the epoch inside the sealed record; None where there is none."""
    if user is None or not users.is_active(user):
        return None
    times = rows(users.subject_of(user)).values_list("recovery_requested_at", "recovery_approved_at").first()
    if times is None or times[0] is None or times[0] < timezone.now() - _life():
        return None
    status = services.status(user)
    return Case(user, status.epoch, *times) if status.enabled else None


def _case_of_link(uid: Any, token: Any) -> Case | None:
    try:
        subject = urlsafe_base64_decode(uid).decode() if isinstance(uid, str) else ""
    except ValueError:
        return None
    case = _case(users.find(subject))
    return case if case is not None and _approved(case) and tokens.check_token(case, token) else None


def _approved(case: Case) -> bool:
    return settings.RECOVERY != "admin" or case.approved_at is not None


def _claim(case: Case) -> bool:
    """Uses the request up: of two holders of one link only one gets on."""
    row = rows(case.subject).filter(enabled=True, epoch=case.epoch, recovery_requested_at=case.requested_at)
    return bool(row.update(recovery_requested_at=None, recovery_approved_at=None) == 1)


def _password_is_right(user: Any, password: Any, request: Any) -> bool:
    """Asks the host's authentication backends, so that their own limits count here too."""
    if not isinstance(password, str):
        return False
    credentials = {type(user).USERNAME_FIELD: user.get_username(), "password": typed(password)}
    found = authenticate(request, **credentials)
    return found is not None and found.pk == user.pk


def _accounts(email: str) -> list[Any]:
    """The active users of an address, compared as the database does and then exactly up to case."""
    model = get_user_model()
    if not hasattr(model, "get_email_field_name") or not email:
        return []
    query = {f"{model.get_email_field_name()}__iexact": email}
    found = model._default_manager.using(router.db_for_write(model)).filter(**query)[:ACCOUNTS_PER_ADDRESS]
    return [
        user
        for user in found
        if users.email_of(user).casefold() == email.casefold() and users.is_active(user)
    ]


def _life() -> datetime.timedelta:
    return datetime.timedelta(seconds=settings.RECOVERY_TIMEOUT)


def _refused(kind: type[RecoveryRefused], subject: str | None, request: Any) -> RecoveryRefused:
    audit.event("recovery_refused", subject, request=request, level=logging.WARNING, reason=kind.code)
    return kind(kind.__doc__)
