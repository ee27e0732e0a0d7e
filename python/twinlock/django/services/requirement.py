"""Who must have a second factor, since when, and what happens to a sign-in without one.

`TWINLOCK["REQUIRED"]` says who, `TWINLOCK["GRACE_PERIOD"]` how long such a user may still do without. The
period counts from the day on which the rule was first seen to apply, which is stored, so a shorter period
holds for those whose grace is running, too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import router
from django.utils import timezone
from django.utils.module_loading import import_string

from twinlock import SecondFactor
from twinlock.errors import Refused

from .. import audit, users
from ..conf import settings
from ..faults import despite_rivals, store_faults
from ..models import EnrollmentRequirement
from ..store import DjangoStore, database
from . import build
from .state import status

if TYPE_CHECKING:
    from twinlock import SignIn

_strict: tuple[SecondFactor, SecondFactor] | None = None


def is_required(user: Any) -> bool:
    """Whether the user must have a second factor."""
    whom = settings.REQUIRED
    if isinstance(whom, tuple):
        return _is_in(user, whom)
    if whom == "staff":
        return bool(getattr(user, "is_staff", False) or getattr(user, "is_superuser", False))
    if whom in ("nobody", "all"):
        return whom == "all"
    return bool(import_string(whom)(user))


def grace_ends_at(user: Any) -> datetime.datetime | None:
    """When the user must have a second factor, a moment of the past or to come; None: never.

    The first call for a user stores the day from which the grace period counts.
    """
    if not is_required(user):
        return None
    with store_faults:
        found, made = despite_rivals(
            lambda: _rows().get_or_create(user_id=user.pk, defaults={"since": timezone.now()})
        )
    end: datetime.datetime = found.since + datetime.timedelta(seconds=settings.GRACE_PERIOD)
    if made:
        audit.event("enrollment_required", users.subject_of(user), due_at=end.isoformat())
    return end


def renew_grace(user: Any, *, request: Any = None) -> None:
    """Lets the user's grace period begin anew, when the user is seen next. For operators."""
    with store_faults:
        despite_rivals(_rows().filter(user_id=user.pk).delete)
    audit.event("grace_renewed", users.subject_of(user), request=request)


def is_overdue(user: Any) -> bool:
    """Whether a user without a second factor may do nothing but set one up."""
    end = grace_ends_at(user)
    return end is not None and end <= timezone.now()


def enforced(user: Any, found: SignIn) -> SignIn:
    """What a first factor opens: as found, or enrollment alone for whoever should have a second one."""
    if found.outcome != "proof" or found.proof is None or not is_overdue(user):
        return found
    return _strict_second_factor().begin_sign_in(
        users.subject_of(user),
        methods=found.proof.amr,
        at=found.proof.auth_time,
        binding=users.binding(user),
    )


def is_unmet(user: Any, amr: Iterable[str]) -> bool:
    """Whether a sign-in by these methods opens enrollment alone: the user has no second factor in time.

    `amr` is what the access token says of the sign-in; nothing is looked up where it names a second factor.
    """
    return "mfa" not in amr and is_overdue(user) and not status(user).enabled


def refuse_if_unmet(user: Any, amr: Iterable[str]) -> None:
    """Ends what goes on without a second factor after its time. Refused: `enrollment_required`."""
    if is_unmet(user, amr):
        raise Refused("enrollment_required")


def refuse_if_required(user: Any) -> None:
    """Keeps the last factor of whoever must have one. Refused: `enrollment_required`."""
    if is_required(user):
        raise Refused("enrollment_required")


def _rows() -> Any:
    return EnrollmentRequirement._base_manager.using(database())


def _is_in(user: Any, names: tuple[str, ...]) -> bool:
    groups = getattr(user, "groups", None)
    if groups is None:
        raise ImproperlyConfigured("TWINLOCK['REQUIRED'] names groups, and the user model has none.")
    with store_faults:  # a replica may be behind the moment at which somebody joined
        found = groups.using(router.db_for_write(type(user)))
        return bool(found.filter(name__in=names).exists())


def _strict_second_factor() -> SecondFactor:
    """The engine of the settings, but with enrollment as the only way on without a second factor."""
    global _strict
    usual = build.second_factor()
    found = _strict
    if found is None or found[0] is not usual:
        policy = {**settings.POLICY, "fallback": "enroll", "opt_out": "refused"}
        made = build.build_engine(settings.KEYS, settings.ISSUER, policy, settings.JWT)
        found = _strict = (usual, SecondFactor(made, DjangoStore(build.engine)))
    return found[1]
