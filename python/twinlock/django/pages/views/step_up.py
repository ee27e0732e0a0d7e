"""Step-up: the second factor once more, for what a view of the site asks for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from twinlock.django import services, session_stamp
from twinlock.django.session_evidence import session
from twinlock.errors import Refused

from ..base import OwnPage
from ..forms import AnswerForm


class StepUpView(OwnPage):
    """Asks for a fresh code for `purpose`, and goes back to `next`."""

    template = "step_up"
    throttle_group = "page-step-up"

    def get(self, request: Any) -> HttpResponse:
        """The form; who was asked a moment ago goes on at once, who has no second factor sets one up."""
        found = services.status(request.user)
        if not found.enabled:
            return redirect("twinlock:setup")
        if self._is_fresh():
            return redirect(self.next_url())
        return self.show(purpose=self._purpose(), form=AnswerForm(methods=services.methods_of(found)))

    def post(self, request: Any) -> HttpResponse:
        """The code."""
        purpose, methods = self._purpose(), services.methods_of(services.status(request.user))
        form = AnswerForm(request.POST, methods=methods)
        if not form.is_valid():
            return self.show(status=400, form=form, purpose=purpose)
        try:
            services.step_up(request.user, purpose, **form.answer, **self.told)
        except Refused as refusal:
            return self.show_refusal(refusal, form=AnswerForm(methods=methods), purpose=purpose)
        session_stamp.step(request, purpose)
        return redirect(self.next_url())

    def _is_fresh(self) -> bool:
        age = self.request.GET.get("max_age", "")
        max_age = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else services.step_up_age()
        found = session(self.request)
        return found is not None and found.is_fresh(self._purpose(), max_age)

    def _purpose(self) -> str:
        """What the code is asked for. Raises Http404 for what nobody can step up for."""
        wanted = self.request.POST.get("purpose", self.request.GET.get("purpose", "general"))
        if wanted not in services.step_up_purposes():
            raise Http404
        return str(wanted)
