"""From one page of a sign-in to the next: what follows the first factor, and what follows the second.

`django.contrib.auth.login` is called here and only with a proof in hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from twinlock.django import services, session_stamp, trust_cookie

from . import pending

if TYPE_CHECKING:
    from twinlock import Proof


def begin(request: Any, user: Any, backend: str | None, next_url: str, sender: Any) -> HttpResponse:
    """After the first factor: logs in with the proof, where there is one, or asks for what is missing.

    `backend` is the path of the authentication backend that knew the user; None in a session that is the
    user's already. `next_url` is a URL that was checked. Refused and faults: as `services.begin_sign_in`.
    """
    found = services.begin_sign_in(
        user, trust_token=trust_cookie.shown(request), request=request, sender=sender
    )
    if found.proof is not None:
        enter(request, user, found.proof, backend)
        response: HttpResponse = HttpResponseRedirect(next_url)
        if found.trust is not None:
            trust_cookie.give(response, services.for_client(user, found.trust))
        else:
            _remind(request, user)
        return response
    if found.enrollment is not None:
        pending.keep_enrollment(request, user, found.enrollment, backend, next_url)
        response = redirect("twinlock:setup")
    else:
        pending.keep_challenge(request, found, backend, next_url)
        response = redirect("twinlock:second_step")
    trust_cookie.forget(response, request)
    return response


def enter(request: Any, user: Any, proof: Proof, backend: str | None) -> None:
    """Opens the session to the user of a proof; its key is another one afterwards."""
    pending.drop(request)
    if backend is not None:
        login(request, user, backend=backend)
    session_stamp.put(request, user, proof)


def backend_of(user: Any, named: str | None = None) -> str:
    """The backend to log a user in with: the one named, the one that knew the user, or the only one."""
    found = named or getattr(user, "backend", None)
    if found is None and len(django_settings.AUTHENTICATION_BACKENDS) == 1:
        found = django_settings.AUTHENTICATION_BACKENDS[0]
    if found is None:
        raise ImproperlyConfigured("Say which of AUTHENTICATION_BACKENDS knows the user.")
    return str(found)


def _remind(request: Any, user: Any) -> None:
    """Tells a user who must have a second factor until when the site does without."""
    end = services.grace_ends_at(user)
    if end is not None and not services.status(user).enabled:
        text = _("Your account must have a second factor from %(day)s on. Set one up before.")
        day = date_format(timezone.localtime(end), "DATE_FORMAT")
        messages.warning(request, text % {"day": day}, fail_silently=True)
