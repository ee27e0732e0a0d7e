"""The trusted devices of a signed-in user."""

from __future__ import annotations

from typing import Any

from rest_framework import status as http
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django import services
from twinlock.django.trust_cookie import forget

from ..described import trusted_device_of
from ..serializers.codes import NoInput
from .devices import OwnView


class TrustedDevicesView(OwnView):
    """All trusted devices."""

    throttle_group = "trusted-devices"
    serializer_class = NoInput

    def get(self, request: Request, **_: Any) -> Response:
        """The devices that need no second factor for a while."""
        found = services.status(request.user).trusted_devices
        return Response({"trusted_devices": [trusted_device_of(device) for device in found]})

    def delete(self, request: Request, **_: Any) -> Response:
        """Ends the trust in all of them."""
        services.revoke_trusted_devices(request.user, request=request, sender=type(self))
        response = Response(status=http.HTTP_204_NO_CONTENT)
        forget(response, request)
        return response


class TrustedDeviceView(OwnView):
    """One trusted device. Another user's is unknown here."""

    throttle_group = "trusted-devices"
    serializer_class = NoInput

    def delete(self, request: Request, device_id: str, **_: Any) -> Response:
        """Ends the trust in it."""
        services.revoke_trusted_device(request.user, device_id, request=request, sender=type(self))
        return Response(status=http.HTTP_204_NO_CONTENT)
