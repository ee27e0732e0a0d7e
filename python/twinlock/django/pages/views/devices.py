"""One device: its name, its counter, its end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from twinlock import Device
from twinlock.django import services
from twinlock.django.refusal_texts import sentence
from twinlock.errors import ArgumentFault, Refused

from ..base import OwnPage
from ..forms import RenameForm, ResyncForm
from .manage import AnsweredPage

COUNTING = "hotp"
"""The kind of device that can drift: it counts its codes."""


class RemoveDeviceView(AnsweredPage):
    """Removing one device."""

    template = "remove_device"

    def more(self, **kwargs: Any) -> dict[str, Any]:
        """The device, and whether it is the last one."""
        last = len(services.status(self.request.user).devices) == 1
        return {"device": device_of(self.request.user, kwargs["device_id"]), "is_last": last}

    def do(self, answer: dict[str, str], **kwargs: Any) -> HttpResponse:
        """Removes it."""
        device = device_of(self.request.user, kwargs["device_id"])
        services.remove_device(self.request.user, device.id, **self.told, **answer)
        return self.done(gettext("The device was removed."))


class RenameDeviceView(OwnPage):
    """Another name for one device, which needs no code: it opens nothing."""

    template = "rename_device"

    def get(self, request: Any, device_id: str) -> HttpResponse:
        """The form."""
        device = device_of(request.user, device_id)
        return self.show(form=RenameForm(initial={"name": device.name}), device=device)

    def post(self, request: Any, device_id: str) -> HttpResponse:
        """Stores the name."""
        device, form = device_of(request.user, device_id), RenameForm(request.POST)
        if not form.is_valid():
            return self.show(status=400, form=form, device=device)
        try:
            services.rename_device(request.user, device_id, form.cleaned_data["name"], **self.told)
        except ArgumentFault as fault:
            return self.show(status=400, form=form, device=device, error=sentence(fault))
        except Refused as refusal:
            return self.show_refusal(refusal, form=form, device=device)
        return self.done(gettext("The device was renamed."))


class ResyncDeviceView(OwnPage):
    """Finds the counter of a device again by two codes that it shows one after the other."""

    template = "resync_device"

    def get(self, request: Any, device_id: str) -> HttpResponse:
        """The form; 404 for a device that does not count."""
        return self.show(form=ResyncForm(), device=_counting(request.user, device_id))

    def post(self, request: Any, device_id: str) -> HttpResponse:
        """The two codes."""
        device, form = _counting(request.user, device_id), ResyncForm(request.POST)
        if not form.is_valid():
            return self.show(status=400, form=form, device=device)
        codes = form.cleaned_data["first_code"], form.cleaned_data["second_code"]
        try:
            services.resync_device(request.user, device_id, *codes, request=request)
        except Refused as refusal:
            return self.show_refusal(refusal, form=ResyncForm(), device=device)
        return self.done(gettext("The device is in step again."))


def device_of(user: Any, device_id: str) -> Device:
    """The user's device of that id; another user's is unknown here. Raises Http404."""
    for device in services.status(user).devices:
        if device.id == device_id:
            return device
    raise Http404


def _counting(user: Any, device_id: str) -> Device:
    device = device_of(user, device_id)
    if device.kind != COUNTING:
        raise Http404
    return device
