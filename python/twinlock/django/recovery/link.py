"""The link of a recovery: which request it belongs to, and the token that proves it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode

from .. import services, users
from ..conf import settings
from ..faults import despite_rivals, store_faults
from ..store import rows


@dataclass(frozen=True)
class Case:
    """A user with a second factor and a living recovery request."""

    user: Any
    epoch: int
    requested_at: datetime.datetime
    approved_at: datetime.datetime | None

    @property
    def subject(self) -> str:
        """The user's id, as text."""
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
        matches = [constant_time_compare(text, token) for text in mine]
        return any(matches) and young

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


def make(case: Case) -> tuple[str, str]:
    """The `uid` and the `token` of a link."""
    over: Any = case
    return urlsafe_base64_encode(force_bytes(case.subject)), tokens.make_token(over)


def case_of_user(user: Any) -> Case | None:
    """The user's living request, seen with the epoch inside the sealed record; None where there is none."""
    if user is None or not users.is_active(user):
        return None
    with store_faults:
        row = rows(users.subject_of(user))
        times = row.values_list("recovery_requested_at", "recovery_approved_at").first()
    if times is None or times[0] is None or times[0] < timezone.now() - life():
        return None
    status = services.status(user)
    return Case(user, status.epoch, *times) if status.enabled else None


def case_of_link(uid: Any, token: Any) -> Case | None:
    """The living request that a link is of; None for whatever else was sent."""
    try:
        subject = urlsafe_base64_decode(uid).decode() if isinstance(uid, str) else ""
    except ValueError:
        return None
    case = case_of_user(users.find(subject))
    return case if case is not None and approved(case) and tokens.check_token(case, token) else None


def approved(case: Case) -> bool:
    """Whether the link may go out and be used: at once, or after an operator's word."""
    return settings.RECOVERY != "admin" or case.approved_at is not None


def claim(case: Case) -> bool:
    """Uses the request up: of two holders of one link only one gets on."""
    row = rows(case.subject).filter(enabled=True, epoch=case.epoch, recovery_requested_at=case.requested_at)
    used = {"recovery_requested_at": None, "recovery_approved_at": None}
    with store_faults:
        return bool(despite_rivals(lambda: row.update(**used)) == 1)


def life() -> datetime.timedelta:
    """How long a request and its links live."""
    return datetime.timedelta(seconds=settings.RECOVERY_TIMEOUT)
