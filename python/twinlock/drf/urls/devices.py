"""Only the endpoints of devices and trusted devices."""

from django.urls import path

from ..views import devices, trusted

urlpatterns = [
    path("totp/devices/", devices.DevicesView.as_view(), name="totp-devices"),
    path("totp/devices/<str:device_id>/", devices.DeviceView.as_view(), name="totp-device"),
    path(
        "totp/devices/<str:device_id>/resync/", devices.DeviceResyncView.as_view(), name="totp-device-resync"
    ),
    path("totp/method/", devices.MethodView.as_view(), name="totp-method"),
    path("totp/trusted_devices/", trusted.TrustedDevicesView.as_view(), name="totp-trusted-devices"),
    path(
        "totp/trusted_devices/<str:device_id>/",
        trusted.TrustedDeviceView.as_view(),
        name="totp-trusted-device",
    ),
]
