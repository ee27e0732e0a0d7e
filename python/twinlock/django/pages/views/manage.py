"""The state of the second factor, and what its user changes about it: every change takes a fresh code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from twinlock.django import services, session_stamp
from twinlock.errors import Refused

from ..base import OwnPage
from ..forms import AnswerForm


class StatusView(OwnPage):
    """The state, nothing secret in it."""

    template = "status"

    def get(self, request: Any) -> HttpResponse:
        """Devices, backup codes, trusted devices."""
        found = services.status(request.user)
        return self.show(
            found=found,
            required=services.is_required(request.user),
            due=services.grace_ends_at(request.user),
            can_choose=len(services.ways_of(found)) > 1,
        )


class AnsweredPage(OwnPage, ABC):
    """A form that asks for a code, and what is done with a right one."""

    methods: tuple[str, ...] = ("otp", "backup")

    def get(self, _: Any, **kwargs: Any) -> HttpResponse:
        """The form; without a second factor there is nothing to change."""
        form = self._form()
        return self.show(form=form, **self.more(**kwargs)) if form.methods else redirect("twinlock:status")

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        """Does it, if the code is right."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(status=400, form=form, **self.more(**kwargs))
        try:
            with session_stamp.kept(request):
                return self.do(form.answer, **kwargs)
        except Refused as refusal:
            return self.show_refusal(refusal, form=self._form(), **self.more(**kwargs))

    def more(self, **_: Any) -> dict[str, Any]:
        """What else the page shows."""
        return {}

    @abstractmethod
    def do(self, answer: dict[str, str], **_: Any) -> HttpResponse:
        """The change. Refused: whatever the service refuses."""

    def _form(self, *args: Any) -> AnswerForm:
        usable = services.methods_of(services.status(self.request.user))
        return AnswerForm(*args, methods=[kind for kind in self.methods if kind in usable])


class BackupCodesView(AnsweredPage):
    """New backup codes."""

    template = "new_backup_codes"
    methods = ("otp",)

    def do(self, answer: dict[str, str], **_: Any) -> HttpResponse:
        """Replaces the set; the codes are shown this once."""
        codes = services.regenerate_backup_codes(self.request.user, **answer, **self.told)
        return self.show(template="backup_codes", codes=codes, next=self.next_url())


class TurnOffView(AnsweredPage):
    """Turning the second factor off."""

    template = "turn_off"

    def do(self, answer: dict[str, str], **_: Any) -> HttpResponse:
        """Turns it off."""
        services.disable(self.request.user, **answer, **self.told)
        return self.done(gettext("Two-factor authentication is off."))


class RevokeTrustView(OwnPage):
    """Ends the trust in one device or in all."""

    http_method_names = ("post", "options")

    def post(self, request: Any, device_id: str | None = None) -> HttpResponse:
        """Ends it."""
        if device_id is None:
            services.revoke_trusted_devices(request.user, **self.told)
            return self.done(gettext("No device is trusted any more."))
        try:
            services.revoke_trusted_device(request.user, device_id, **self.told)
        except Refused:
            raise Http404 from None
        return self.done(gettext("The device is not trusted any more."))
