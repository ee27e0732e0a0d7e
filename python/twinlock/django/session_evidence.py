"""What a session of Django shows of its sign-in: when it was. `django.contrib.auth.login` writes it down."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from .evidence import Evidence

SIGNED_IN_AT = "twinlock_signed_in_at"


class SessionEvidence(Evidence):
    """A session that began with a first factor."""

    amr = ()

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user
        self.auth_time = request.session.get(SIGNED_IN_AT)

    def is_fresh(self, purpose: str, max_age: int) -> bool:  # noqa: ARG002
        """Never: no second factor was shown in it."""
        return False


def session(request: HttpRequest) -> Evidence | None:
    """The evidence of a session that is the user's of this request."""
    kept, user = getattr(request, "session", None), getattr(request, "user", None)
    if kept is None or user is None or kept.get(SESSION_KEY) != str(user.pk):
        return None
    return SessionEvidence(request)


def note_sign_ins() -> None:
    """Makes every login write its time into the session; called when the app is ready."""
    user_logged_in.connect(_note, dispatch_uid="twinlock.session_evidence")


def _note(request: Any = None, **_: Any) -> None:
    kept = getattr(request, "session", None)
    if kept is not None:
        kept[SIGNED_IN_AT] = int(timezone.now().timestamp())
