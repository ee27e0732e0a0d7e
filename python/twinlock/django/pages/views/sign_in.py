"""Signing in with a password, or with a new one: the second factor is asked for after both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, LoginView, PasswordResetConfirmView
from django.http import HttpResponse
from django.utils.decorators import method_decorator

from twinlock.django import answers
from twinlock.django.conf import settings
from twinlock.django.faults import TOO_MANY
from twinlock.django.isolation import outside_transactions
from twinlock.errors import Refused

from .. import flow, texts
from ..base import Guarded


@method_decorator((login_not_required, outside_transactions), name="dispatch")
class TwinlockLoginView(Guarded, LoginView):
    """Django's LoginView, which logs in only with the second factor, where one is due.

    All its attributes and options work. Between the steps the session holds a signed challenge.
    """

    asks_for_second_factor = True
    throttle_group = "page-sign-in"
    template_name = "twinlock/pages/sign_in.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """The password was right: a session, the second step, or the enrollment."""
        user = form.get_user()
        try:
            return flow.begin(self.request, user, flow.backend_of(user), self.get_success_url(), type(self))
        except Refused as refusal:
            return self._refused(form, refusal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Django's, and the template that ours extends."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return {"base_template": settings.PAGES_BASE_TEMPLATE, **found}

    def _refused(self, form: Any, refusal: Refused) -> HttpResponse:
        form.add_error(None, texts.sentence(refusal))
        response: HttpResponse = self.form_invalid(form)
        response.status_code = 429 if refusal.code in TOO_MANY else 400
        if refusal.retry_after is not None:
            response["Retry-After"] = str(refusal.retry_after)
        return response


@method_decorator((login_not_required, outside_transactions), name="dispatch")
class TwinlockPasswordResetConfirmView(Guarded, PasswordResetConfirmView):
    """Django's view for a new password; with `post_reset_login` it goes on to the second factor.

    The second factor stays as it is: whoever reads the user's mail gets no further than the password leads.
    """

    asks_for_second_factor = True
    throttle_group = "page-password-reset"

    def form_valid(self, form: Any) -> HttpResponse:
        """Stores the password, and begins a sign-in where that is wanted."""
        if not self.post_reset_login:
            return super().form_valid(form)
        user = form.save()
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        backend = flow.backend_of(user, self.post_reset_login_backend)
        try:
            return flow.begin(self.request, user, backend, self.get_success_url(), type(self))
        except Refused as refusal:  # the password is stored; the user may sign in with it as ever
            messages.error(self.request, texts.sentence(refusal), fail_silently=True)
            return answers.to_sign_in("")
