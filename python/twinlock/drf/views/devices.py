"""The devices of a signed-in user, and how the user is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import status as http
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock import Device
from twinlock.django import services
from twinlock.errors import Refused

from ..answers import challenge
from ..base import Contract
from ..described import device_of, status_of
from ..inputs import field_errors
from ..permissions import evidence_of
from ..sensitive import required_answer
from ..serializers.codes import AnswerInput
from ..serializers.devices import DeviceInput, MethodInput, RenameInput, ResyncInput
from ..throttle import UserThrottle

PARAMETERS = ("name", "kind", "algorithm", "digits", "period")


class OwnView(Contract, GenericAPIView[Any]):
    """What the endpoints share at which a user manages what is the user's own."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (UserThrottle,)
    throttle_group = "devices"


class DevicesView(OwnView):
    """All devices."""

    serializer_class = DeviceInput

    def get(self, request: Request, **_: Any) -> Response:
        """The devices of the caller."""
        return Response({"devices": [device_of(device) for device in services.status(request.user).devices]})

    def post(self, request: Request, **_: Any) -> Response:
        """Begins to add a device: QR code, secret and URI, shown this once. `totp/confirm/` ends it."""
        fields = self.validated(request)
        answer = required_answer(request, fields, "add_device")
        parameters = {name: fields[name] for name in PARAMETERS if name in fields}
        with field_errors(parameters):
            setup = services.add_device(request.user, parameters=parameters, request=request, **answer)
        body = {
            "device_id": setup.device_id,
            "svg": setup.qr_svg,
            "secret": setup.secret,
            "otpauth_uri": setup.uri,
        }
        return Response(body, status=http.HTTP_201_CREATED)


class DeviceView(OwnView):
    """One device. Another user's is unknown here."""

    serializer_class = AnswerInput

    def get_serializer_class(self) -> Any:
        """A new name, or the code that a removal takes."""
        return RenameInput if self.request.method == "PATCH" else AnswerInput

    def get(self, request: Request, device_id: str, **_: Any) -> Response:
        """The device."""
        return Response(device_of(_device(request.user, device_id)))

    def patch(self, request: Request, device_id: str, **_: Any) -> Response:
        """Gives the device another name."""
        fields = self.validated(request)
        with field_errors(fields):
            services.rename_device(
                request.user, device_id, fields["name"], request=request, sender=type(self)
            )
        return Response(device_of(_device(request.user, device_id)))

    def delete(self, request: Request, device_id: str, **_: Any) -> Response:
        """Removes the device. All tokens of the user die, the caller's among them.

        The caller goes on with a code of a device that is left, for the challenge in the answer. Without a
        device the second factor is off.
        """
        fields = self.validated(request)
        _device(request.user, device_id)
        answer = required_answer(request, fields, "remove_device")
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        left = services.remove_device(request.user, device_id, **answer, **told)
        return Response({"enabled": left, **(_goes_on(request, told) if left else {})})


class DeviceResyncView(OwnView):
    """The counter of one device."""

    serializer_class = ResyncInput

    def post(self, request: Request, device_id: str, **_: Any) -> Response:
        """Finds the counter again by two codes in a row."""
        codes = self.validated(request)
        services.resync_device(
            request.user, device_id, codes["first_code"], codes["second_code"], request=request
        )
        return Response(status=http.HTTP_204_NO_CONTENT)


class MethodView(OwnView):
    """How the user is asked."""

    serializer_class = MethodInput

    def post(self, request: Request, **_: Any) -> Response:
        """Stores the wish; with a device that takes a fresh second factor. Answers as `totp/status/`."""
        fields = self.validated(request)
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        enabled = services.status(request.user).enabled
        answer = required_answer(request, fields, "set_method") if enabled else {}
        services.set_method(request.user, fields["method"], **told, **answer)
        return Response(status_of(services.status(request.user)))


def _goes_on(request: Request, told: Mapping[str, Any]) -> dict[str, Any]:
    """A challenge on the first factor of the sign-in behind the request."""
    evidence = evidence_of(request)
    methods = services.first_factor(evidence.amr if evidence else ())
    try:
        return challenge(services.begin_sign_in(request.user, methods=methods, **told))
    except Refused:  # the device is gone, whatever becomes of the caller
        return {}


def _device(user: Any, device_id: str) -> Device:
    for device in services.status(user).devices:
        if device.id == device_id:
            return device
    raise Refused("device_unknown")
