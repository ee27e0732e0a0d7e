"""The second step of a sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from twinlock import EnrollmentToken
from twinlock.django import client, gate, services, trust_cookie
from twinlock.errors import Refused

from .. import flow, pending, texts
from ..base import Page
from ..forms import SecondStepForm
from ..pending import PendingSignIn

OVER = frozenset(("challenge_invalid", "challenge_spent", "token_invalid", "not_enrolled"))
"""The refusals after which only a new sign-in helps."""


class SecondStepView(Page):
    """Asks for the code that a waiting sign-in needs, or offers to begin where a session lacks it."""

    template = "second_step"
    throttle_group = "page-second-step"

    def get(self, request: Any) -> HttpResponse:
        """The form; a button where the session is there and its second factor is not."""
        waiting = _challenge(request)
        if waiting is not None:
            return self._ask(waiting, SecondStepForm(methods=waiting.methods))
        if not request.user.is_authenticated:
            return self.to_sign_in(self.next_url())
        if gate.missing(request) is None:
            return redirect(self.next_url())
        return self.show(template="second_step_begin")

    def post(self, request: Any) -> HttpResponse:
        """The code: a session, or the enrollment where the challenge leads to that."""
        waiting = _challenge(request)
        if waiting is None:
            return self._begin()
        form = SecondStepForm(request.POST, methods=waiting.methods)
        if not form.is_valid():
            return self._ask(waiting, form, status=400)
        try:
            return self._finish(waiting, form)
        except Refused as refusal:
            if refusal.code in OVER:
                return over(self, waiting, refusal)
            fresh = SecondStepForm(methods=waiting.methods)
            said = texts.OF_SENT if waiting.methods == ["sent"] else texts.TEXTS
            return self.show_refusal(refusal, said, **_asked(waiting, fresh))

    def _begin(self) -> HttpResponse:
        user = self.request.user
        if not user.is_authenticated:
            return self.to_sign_in(self.next_url())
        if gate.missing(self.request) is None:
            return redirect(self.next_url())
        try:
            return flow.begin(self.request, user, None, self.next_url(), type(self))
        except Refused as refusal:
            return self.show_refusal(refusal, template="second_step_begin")

    def _finish(self, waiting: PendingSignIn, form: SecondStepForm) -> HttpResponse:
        told: dict[str, Any] = {"request": self.request, "sender": type(self)}
        user, found = services.finish_challenge(waiting.token, **form.answer, **told)
        if waiting.backend is None and user != self.request.user:
            raise Refused("challenge_invalid")
        if isinstance(found, EnrollmentToken):
            pending.keep_enrollment(self.request, user, found, waiting.backend, waiting.next_url)
            return redirect("twinlock:setup")
        trust = None
        if form.cleaned_data["trust_device"]:
            name = form.cleaned_data["device_name"] or client.label(self.request)
            trust = services.trust_device(user, found, name, **told)
        flow.enter(self.request, user, found, waiting.backend)
        response = HttpResponseRedirect(waiting.next_url)
        if trust is not None:
            trust_cookie.give(response, trust)
        return response

    def _ask(self, waiting: PendingSignIn, form: SecondStepForm, status: int = 200) -> HttpResponse:
        return self.show(status=status, **_asked(waiting, form))


class SendCodeView(Page):
    """Sends a code for the waiting sign-in."""

    throttle_group = "page-send-code"
    http_method_names = ("post", "options")

    def post(self, request: Any) -> HttpResponse:
        """A code is on its way, in place of an earlier one."""
        waiting = _challenge(request)
        if waiting is None:
            return self.to_sign_in(self.next_url())
        try:
            services.send_code(waiting.token, request=request, sender=type(self))
        except Refused as refusal:
            if refusal.code in OVER:
                return over(self, waiting, refusal)
            form = SecondStepForm(methods=waiting.methods)
            return self.show_refusal(refusal, template="second_step", **_asked(waiting, form))
        pending.mark_sent(request, waiting)
        messages.success(request, _("A code is on its way to you."), fail_silently=True)
        return redirect("twinlock:second_step")


class CancelView(Page):
    """Gives a waiting sign-in up."""

    throttle_group = "page-cancel"
    http_method_names = ("post", "options")

    def post(self, request: Any) -> HttpResponse:
        """Back to the sign-in."""
        pending.drop(request)
        return self.to_sign_in("")


def over(page: Page, waiting: PendingSignIn, refusal: Refused) -> HttpResponse:
    """Back to the sign-in, after a waiting one that cannot go on, and from there to where it led."""
    pending.drop(page.request)
    messages.error(page.request, texts.sentence(refusal), fail_silently=True)
    return page.to_sign_in(waiting.next_url)


def _challenge(request: Any) -> PendingSignIn | None:
    found = pending.find(request)
    if found is None or not found.is_challenge:
        return None
    lost_its_session = found.backend is None and BACKEND_SESSION_KEY not in request.session
    return None if lost_its_session else found


def _asked(waiting: PendingSignIn, form: SecondStepForm) -> dict[str, Any]:
    trust = waiting.gives == "sign_in" and services.engine().policy.trusted_devices > 0
    return {
        "form": form,
        "trust_available": trust,
        "can_send": "sent" in waiting.methods,
        "code_sent": waiting.code_sent,
    }
