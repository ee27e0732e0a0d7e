"""Setting up an authenticator: the user's first one, or a further one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from twinlock import Enrolled
from twinlock.django import enforcement, services, session_stamp
from twinlock.django.session_evidence import session
from twinlock.errors import Refused

from .. import flow, pending, texts
from ..base import OwnPage
from ..forms import ConfirmForm, DeviceForm
from .second_step import over

AGAIN = {"no_pending_enrollment": "twinlock:setup", "enrollment_expired": "twinlock:setup"}


class SetupPage(OwnPage):
    """A page for signed-in users, and for those whose sign-in opens enrollment and nothing else."""

    throttle_group = "page-setup"
    user: Any
    waiting: pending.PendingSignIn | None = None

    def admit(self) -> HttpResponse | None:
        """Who enrolls: the user of the waiting sign-in, else the one who is signed in."""
        found = pending.find(self.request)
        if found is None or found.is_challenge:
            self.user = self.request.user
            return super().admit()
        try:
            self.user = services.check_enrollment_token(found.token, request=self.request)
        except Refused as refusal:
            return over(self, found, refusal)
        if found.backend is None and self.user != self.request.user:
            return over(self, found, Refused("token_invalid"))
        self.waiting = found
        return None


class SetupView(SetupPage):
    """Explains, and starts."""

    template = "setup"

    def get(self, _: Any) -> HttpResponse:
        """What is about to happen; nothing secret yet."""
        if self.waiting is None and services.status(self.user).enabled:
            return redirect("twinlock:status")
        return self._explain()

    def post(self, request: Any) -> HttpResponse:
        """The QR code and the secret, shown this once."""
        if self._is_too_old():
            return self._explain(status=403)
        try:
            setup = services.begin_enrollment(self.user, request=request)
        except Refused as refusal:
            messages.error(request, texts.sentence(refusal), fail_silently=True)
            return redirect("twinlock:status")
        return self.show(template="confirm", setup=setup, form=ConfirmForm())

    def _explain(self, status: int = 200) -> HttpResponse:
        required, again = services.is_required(self.user), self.to_sign_in().url
        return self.show(status=status, required=required, too_old=self._is_too_old(), sign_in_url=again)

    def _is_too_old(self) -> bool:
        """Whether the sign-in is too long ago to set up a first authenticator on its strength."""
        if self.waiting is not None:
            return False
        return enforcement.first_enrollment_denial(session(self.request)) is not None


class ConfirmView(SetupPage):
    """Takes the first code of the new authenticator."""

    template = "confirm"
    starts_over = AGAIN

    def get(self, _: Any) -> HttpResponse:
        """The form, without the secret."""
        return self.show(form=ConfirmForm())

    def post(self, request: Any) -> HttpResponse:
        """The second factor is on: backup codes, shown this once. A further device brings none."""
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self.show(status=400, form=form)
        try:
            enrolled = services.confirm_enrollment(
                self.user, form.cleaned_data["otp_code"], request=request, sender=type(self)
            )
        except Refused as refusal:
            return self.show_refusal(refusal, form=ConfirmForm())
        return self._confirmed(enrolled)

    def _confirmed(self, enrolled: Enrolled) -> HttpResponse:
        backend = None if self.waiting is None else self.waiting.backend
        next_url = self.next_url() if self.waiting is None else self.waiting.next_url
        flow.enter(self.request, self.user, enrolled.proof, backend)
        if not enrolled.backup_codes:
            return self.done(gettext("The device was added."))
        return self.show(template="backup_codes", codes=enrolled.backup_codes, next=next_url)


class AddDeviceView(OwnPage):
    """Begins to add a further device."""

    template = "add_device"

    def get(self, request: Any) -> HttpResponse:
        """The form; the first device is set up elsewhere."""
        if not services.status(request.user).enabled:
            return redirect("twinlock:setup")
        return self.show(form=self._form())

    def post(self, request: Any) -> HttpResponse:
        """The new device's QR code and secret, shown this once."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(status=400, form=form)
        name = form.cleaned_data["name"]
        try:
            with session_stamp.kept(request):
                setup = services.add_device(
                    request.user, parameters={"name": name} if name else {}, request=request, **form.answer
                )
        except Refused as refusal:
            return self.show_refusal(refusal, form=self._form(initial={"name": name}))
        return self.show(template="confirm", setup=setup, form=ConfirmForm())

    def _form(self, *args: Any, **kwargs: Any) -> DeviceForm:
        methods = services.methods_of(services.status(self.request.user))
        return DeviceForm(*args, methods=methods, **kwargs)
