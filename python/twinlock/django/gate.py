"""What a signed-in session still has to show before the site is open to it: the one rule for session sites.

`twinlock.django.middleware`, the pages and the admin site ask it. A session that no proof was put into, such
as one of `force_login` or of another package's login, has shown nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from twinlock.errors import Refused

from . import enforcement, evidence, services, session_stamp
from .conf import settings
from .services.requirement import is_overdue
from .services.step_up import GENERAL

if TYPE_CHECKING:
    from twinlock import Status

SECOND_STEP = "second_step"
SETUP = "setup"
SIGN_IN = "sign_in"


class Missing(NamedTuple):
    """What is missing: the page that asks for it, and the answer for a program."""

    page: str
    denial: enforcement.Denial


def missing(request: Any) -> Missing | None:
    """What the user of this request has to do first; None for one who may go on, and for nobody.

    One query for a session with a second factor, as for a user who has none and need not. Fault: where it
    cannot be looked up.
    """
    if not request.user.is_authenticated:
        return None
    stamp = session_stamp.valid(request)
    if stamp is not None and "mfa" in stamp.amr:
        return None
    found = _status(request)
    has_shown = stamp is not None and bool(stamp.amr)
    if not has_shown and _is_asked(found) and not _shown_otherwise(request):
        methods = [] if found is None else services.methods_of(found)
        return Missing(SECOND_STEP, enforcement.second_factor_denial(GENERAL, methods))
    if not _is_enabled(found) and session_stamp.is_over(request):
        return Missing(SIGN_IN, enforcement.ended_denial())
    if not _is_enabled(found) and is_overdue(request.user):
        return _enrollment(request)
    return None


def missing_in_admin(request: Any) -> Missing | None:
    """As `missing`, where `ADMIN_REQUIRES_SECOND_FACTOR` may ask all staff for a second factor."""
    found = missing(request)
    if found is not None or not request.user.is_authenticated or not settings.ADMIN_REQUIRES_SECOND_FACTOR:
        return found
    stamp = session_stamp.valid(request)
    if (stamp is not None and "mfa" in stamp.amr) or _is_enabled(_status(request)):
        return None
    return _enrollment(request)


def _enrollment(request: Any) -> Missing:
    return Missing(SETUP, enforcement.enrollment_denial(request.user))


def _status(request: Any) -> Status | None:
    if session_stamp.stored_epoch(request) is None:
        return None
    return services.status(request.user)


def _is_enabled(found: Status | None) -> bool:
    return found is not None and found.enabled


def _is_asked(found: Status | None) -> bool:
    """Whether a sign-in of this user could end with anything but a proof: the sign-in itself decides."""
    wish = None if found is None else found.preference
    return _is_enabled(found) or wish == "sent" or services.engine().policy.fallback != "sign_in"


def _shown_otherwise(request: Any) -> bool:
    """Whether a header or another kind of evidence shows this user's second factor."""
    try:
        found = evidence.find(request)
    except Refused:
        return False
    return found is not None and found.user.pk == request.user.pk and "mfa" in found.amr
