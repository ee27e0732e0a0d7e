"""What a request must show before it may do something, and how the answer says what is missing.

The rules for all kinds of views: `twinlock.django.decorators` and `twinlock.drf.permissions` ask them. A
refusal is a `Denial` with one of four codes, for status 403: `second_factor_required` (show a code:
`totp/step_up/`), `enrollment_required` (set up an authenticator first), `reauthentication_required` (sign in
again) and, for sessions of Django, `session_ended` (the user signed out everywhere, or the second factor was
turned off).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext as _

from twinlock.errors import Refused

from . import services
from .conf import settings
from .evidence import Evidence
from .moments import moment
from .refusal_texts import sentence
from .services.step_up import GENERAL

declared: set[str] = set()
"""The purposes that the project's views ask for."""


class Denial(NamedTuple):
    """Why a request is refused: a stable code, a sentence, and what a client needs to go on."""

    code: str
    detail: str
    more: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"detail": self.detail, "code": self.code, **self.more}


class Demand(NamedTuple):
    """A fresh second factor for a purpose. `max_age` is in seconds, the policy's `step_up_age` for None."""

    purpose: str
    max_age: int | None

    @classmethod
    def of(cls, purpose: str = GENERAL, max_age: int | None = None) -> Demand:
        """The demand of a view. Raises ValueError for a `max_age` below 0."""
        if max_age is not None and max_age < 0:
            raise ValueError("max_age must be 0 or more seconds")
        declared.add(purpose)
        return cls(purpose, max_age)

    def denial(self, evidence: Evidence) -> Denial | None:
        """What is missing, or None."""
        if self.purpose not in services.step_up_purposes():
            raise ImproperlyConfigured(f"{self.purpose!r} is not in TWINLOCK['STEP_UP_PURPOSES'].")
        max_age = services.step_up_age() if self.max_age is None else self.max_age
        if evidence.is_fresh(self.purpose, max_age):
            return None
        found = services.status(evidence.user)
        if found.enabled:
            return second_factor_denial(self.purpose, services.methods_of(found), max_age)
        if evidence.takes_sent_codes and services.is_sent_alone(found):
            return second_factor_denial(self.purpose, ["sent"], max_age)
        if services.is_required(evidence.user) or settings.STEP_UP_WITHOUT_FACTOR == "refuse":
            return enrollment_denial(evidence.user)
        return None if is_recent(evidence.auth_time, max_age) else reauthentication_denial(max_age)


def enforcement_denial(user: Any, amr: Iterable[str]) -> Denial | None:
    """Refuses whoever must have a second factor, set none up in time, and signed in by these methods."""
    return enrollment_denial(user) if services.is_unmet(user, amr) else None


def first_enrollment_denial(evidence: Evidence | None) -> Denial | None:
    """Refuses to set up a first authenticator long after the sign-in, when a token may be a stolen one."""
    age = settings.ENROLLMENT_LOGIN_AGE
    if settings.DANGER_ENROLL_ON_OLD_LOGIN or (evidence and is_recent(evidence.auth_time, age)):
        return None
    return reauthentication_denial(age)


def is_recent(auth_time: int | None, max_age: int) -> bool:
    """Whether a sign-in is at most so many seconds ago; one of an unknown time is not."""
    return auth_time is not None and int(timezone.now().timestamp()) - auth_time <= max_age


def second_factor_denial(purpose: str, methods: list[str], max_age: int | None = None) -> Denial:
    """A fresh code is needed, of one of these kinds, for this purpose."""
    detail = _("A fresh second factor is needed for this.")
    age = services.step_up_age() if max_age is None else max_age
    return Denial("second_factor_required", detail, {"purpose": purpose, "max_age": age, "methods": methods})


def enrollment_denial(user: Any) -> Denial:
    """There is no second factor, and this needs one."""
    end = services.grace_ends_at(user)
    more = {} if end is None else {"enrollment_due_at": moment(end.timestamp())}
    return Denial("enrollment_required", _("Set up an authenticator first."), more)


def ended_denial() -> Denial:
    """The session was ended elsewhere, and there is no second factor that could take it up again."""
    return Denial("session_ended", sentence(Refused("session_ended")), {})


def reauthentication_denial(max_age: int) -> Denial:
    """The sign-in is too long ago."""
    return Denial("reauthentication_required", _("Sign in again to do this."), {"max_age": max_age})
