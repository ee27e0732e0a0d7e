"""Where a user is signed in: this browser, the apps that hold tokens, and the way to end all but this."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from twinlock.django import client, services, session_stamp
from twinlock.django.session_evidence import SIGNED_IN_AT

from ..base import OwnPage


class SessionsPage(OwnPage):
    """What the pages share that tell of sessions."""

    throttle_group = "page-sessions"


class SessionsView(SessionsPage):
    """The list. Browsers but this one are not in it: a store of sessions need not know whose they are."""

    template = "sessions"

    def get(self, request: Any) -> HttpResponse:
        """This browser, and the sessions of tokens, the last used first."""
        since = request.session.get(SIGNED_IN_AT)
        return self.show(
            browser=client.label(request),
            address=client.address(request),
            since=since and datetime.datetime.fromtimestamp(since, tz=datetime.timezone.utc),
            sessions=services.living_sessions(request.user),
        )


class RevokeSessionView(SessionsPage):
    """Ends one session of tokens."""

    http_method_names = ("post", "options")

    def post(self, request: Any, session_id: str) -> HttpResponse:
        """Ends it; 404 for one that is over or another user's."""
        if not services.revoke_session(request.user, session_id, **self.told):
            raise Http404
        return self.done(gettext("The app was signed out."), "twinlock:sessions")


class SignOutOthersView(SessionsPage):
    """Ends everything that the user's sign-ins left, but for this session."""

    http_method_names = ("post", "options")

    def post(self, request: Any) -> HttpResponse:
        """Apps, trusted devices and waiting sign-ins are over, and other browsers are to show more."""
        with session_stamp.kept(request):
            services.logout_all(request.user, **self.told)
        return self.done(gettext("You are signed out everywhere else."), "twinlock:sessions")
