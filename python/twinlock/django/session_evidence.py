"""What a session of Django shows of its sign-in: when it was, and the second factor where one was shown.

`django.contrib.auth.login` writes down the time; `session_stamp` knows the rest.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import answers, enforcement, session_stamp
from .evidence import Evidence

SIGNED_IN_AT = "twinlock_signed_in_at"


class SessionEvidence(Evidence):
    """A session, and what it remembers of its sign-in."""

    def __init__(self, request: HttpRequest) -> None:
        self._stamp = session_stamp.valid(request)
        self.user = request.user
        self.auth_time = request.session.get(SIGNED_IN_AT)
        self.amr = () if self._stamp is None else self._stamp.amr
        self.takes_sent_codes = answers.is_routed("step_up")

    def is_fresh(self, purpose: str, max_age: int) -> bool:
        """Whether a second factor was shown at the sign-in or the last step-up, and the session counts."""
        shown = None if self._stamp is None else self._stamp.shown_at(purpose)
        return enforcement.is_recent(shown, max_age)

    def answer(self, request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
        """The page on which the user does what is missing; JSON for a program."""
        return answers.refused(request, body)


def session(request: HttpRequest) -> Evidence | None:
    """The evidence of a session that is the user's of this request."""
    kept, user = getattr(request, "session", None), getattr(request, "user", None)
    if kept is None or user is None or kept.get(SESSION_KEY) != str(user.pk):
        return None
    return SessionEvidence(request)


def note_sign_ins() -> None:
    """Makes every login write its time into the session; called when the app is ready."""
    user_logged_in.connect(_note, dispatch_uid="twinlock.session_evidence")


def _note(user: Any, request: Any = None, **_: Any) -> None:
    kept = getattr(request, "session", None)
    if kept is not None:
        kept[SIGNED_IN_AT] = int(timezone.now().timestamp())
        session_stamp.begin(request, user)
