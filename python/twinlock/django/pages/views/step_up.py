"""Step-up: the second factor once more, for what a view of the site asks for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from twinlock.django import services, session_stamp
from twinlock.django.services import sent_step_up
from twinlock.django.services.step_up import OWN_PURPOSES
from twinlock.django.session_evidence import session
from twinlock.errors import Refused

from .. import step, texts
from ..base import OwnPage
from ..forms import AnswerForm

SENT = ["sent"]
"""The kinds of code of a user who is sent codes."""
NEW_CODE = ("challenge_invalid", "challenge_spent")
"""The refusals after which only another code that is sent helps."""
TEXTS = {**texts.OF_SENT, **dict.fromkeys(NEW_CODE, texts.TEXTS["no_pending_enrollment"])}


class _StepUp(OwnPage):
    template = "step_up"

    def purpose(self) -> str:
        """What the code is asked for. Raises Http404 for what nobody can step up for."""
        wanted = self.request.POST.get("purpose", self.request.GET.get("purpose", "general"))
        if wanted not in services.step_up_purposes():
            raise Http404
        return str(wanted)

    def max_age(self) -> int | None:
        """How fresh the code has to be, in seconds, where the request says so."""
        age = str(self.request.POST.get("max_age", self.request.GET.get("max_age", "")))
        return int(age) if age.isascii() and age.isdigit() and len(age) < 10 else None

    def methods(self) -> list[str]:
        """The kinds of code that the user steps up with; none for one who has to set up an authenticator."""
        found, purpose = services.status(self.request.user), self.purpose()
        if found.enabled:
            return services.methods_of(found)
        return SENT if purpose not in OWN_PURPOSES and services.is_sent_alone(found) else []

    def asked(self, methods: list[str], form: AnswerForm | None = None) -> dict[str, Any]:
        """What the page is shown with."""
        purpose = self.purpose()
        return {
            "purpose": purpose,
            "max_age": self.max_age(),
            "form": form or AnswerForm(methods=methods),
            "can_send": methods == SENT,
            "code_sent": step.find(self.request, purpose) is not None,
        }

    def show_refused(self, refusal: Refused, methods: list[str]) -> HttpResponse:
        """The page with the sentence of a refusal, in the words for a code that was sent where it was."""
        said = TEXTS if methods == SENT else texts.TEXTS
        return self.show_refusal(refusal, said, **self.asked(methods))


class StepUpView(_StepUp):
    """Asks for a fresh code for `purpose`, and goes back to `next`."""

    throttle_group = "page-step-up"

    def get(self, _: Any) -> HttpResponse:
        """The form; who was asked a moment ago goes on at once, who has no second factor sets one up."""
        methods = self.methods()
        if not methods:
            return redirect("twinlock:setup")
        if self._is_fresh():
            return redirect(self.next_url())
        return self.show(**self.asked(methods))

    def post(self, request: Any) -> HttpResponse:
        """The code."""
        purpose, methods = self.purpose(), self.methods()
        if not methods:
            return redirect("twinlock:setup")
        form = AnswerForm(request.POST, methods=methods)
        if not form.is_valid():
            return self.show(status=400, **self.asked(methods, form))
        try:
            self._step_up(purpose, form.answer)
        except Refused as refusal:
            return self.show_refused(refusal, methods)
        session_stamp.step(request, purpose)
        return redirect(self.next_url())

    def _step_up(self, purpose: str, answer: dict[str, str]) -> None:
        if "sent" not in answer:
            services.step_up(self.request.user, purpose, **answer, **self.told)
            return
        challenge = step.find(self.request, purpose)
        if challenge is None:
            raise Refused("challenge_invalid")
        told = {"challenge": challenge, **self.told}
        try:
            sent_step_up.step_up_session(self.request.user, purpose, **answer, **told)
        except Refused as refusal:
            if refusal.code in NEW_CODE:
                step.drop(self.request)
            raise
        step.drop(self.request)

    def _is_fresh(self) -> bool:
        asked, found = self.max_age(), session(self.request)
        max_age = services.step_up_age() if asked is None else asked
        return found is not None and found.is_fresh(self.purpose(), max_age)


class SendCodeView(_StepUp):
    """Sends a code to step up with, to a user who has nothing else."""

    throttle_group = "page-step-up-send"
    http_method_names = ("post", "options")

    def post(self, request: Any) -> HttpResponse:
        """A code is on its way, in place of an earlier one."""
        purpose, stamp = self.purpose(), session_stamp.valid(request)
        amr = () if stamp is None else stamp.amr
        try:
            sent = sent_step_up.send_code_to_session(request.user, purpose, amr=amr, **self.told)
        except Refused as refusal:
            return self.show_refused(refusal, self.methods())
        step.keep(request, purpose, sent)
        messages.success(request, _("A code is on its way to you."), fail_silently=True)
        age = {} if self.max_age() is None else {"max_age": self.max_age()}
        query = {"purpose": purpose, **age, REDIRECT_FIELD_NAME: self.next_url()}
        return redirect(f"{reverse('twinlock:step_up')}?{urlencode(query)}")
