"""What answers say of a user's second factor; nothing in them is secret."""

from __future__ import annotations

from typing import Any

from twinlock import Device, Status, TrustedDevice
from twinlock.django import services
from twinlock.django.moments import moment


def status_of(found: Status) -> dict[str, Any]:
    """The whole state."""
    policy = services.engine().policy
    return {
        "enabled": found.enabled,
        "pending": found.pending_until is not None,
        "pending_until": moment(found.pending_until),
        "devices": [device_of(device) for device in found.devices],
        "backup_codes_left": found.backup_codes_left,
        "locked_until": moment(found.locked_until),
        "methods": services.methods_of(found),
        "method": found.preference,
        "sent_codes": policy.sent_codes,
        "trusted_devices": len(found.trusted_devices),
        "trust_available": policy.trusted_devices > 0,
    }


def device_of(device: Device) -> dict[str, Any]:
    """One device."""
    return {
        "id": device.id,
        "name": device.name,
        "kind": device.kind,
        "created_at": moment(device.created_at),
        "last_used_at": moment(device.last_used_at),
    }


def trusted_device_of(device: TrustedDevice) -> dict[str, Any]:
    """One trusted device."""
    return {
        "id": device.id,
        "name": device.name,
        "created_at": moment(device.created_at),
        "last_used_at": moment(device.last_used_at),
        "expires_at": moment(device.expires_at),
    }
