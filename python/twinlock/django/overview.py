"""What operators are shown of second factors: of one user, and of all. Nothing secret is in it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import Count, Q
from django.utils import timezone

from . import services, users
from .faults import store_faults
from .models import EnrollmentRequirement, RefreshSession, SecondFactorRecord
from .moments import moment
from .store import database


def facts_of(user: Any) -> dict[str, Any]:
    """One user's second factor, sessions and duty. Looking stores nothing."""
    found, sessions = services.status(user), services.living_sessions(user)
    return {
        "id": users.subject_of(user),
        "name": user.get_username(),
        "active": users.is_active(user),
        "enabled": found.enabled,
        "pending_until": moment(found.pending_until),
        "method": found.preference,
        "devices": [_device(device) for device in found.devices],
        "backup_codes_left": found.backup_codes_left,
        "backup_codes_total": found.backup_codes_total,
        "locked_until": moment(found.locked_until),
        "blocked_until_unlocked": found.disabled,
        "failures_in_a_row": found.failures_in_a_row,
        "failures_today": found.failures_today,
        "trusted_devices": [_device(device) for device in found.trusted_devices],
        "sessions": [_session(session) for session in sessions],
        "required": services.is_required(user),
        "required_since": _since(user),
    }


def totals() -> dict[str, Any]:
    """How many users, records and sessions there are of each kind."""
    now, alias = timezone.now(), database()
    records = SecondFactorRecord._base_manager.using(alias)
    with store_faults:
        people = get_user_model()._base_manager.using(router.db_for_write(get_user_model()))
        counted: dict[str, Any] = {"users": people.count()}
        kinds = {name: Count("pk", filter=chosen) for name, chosen in _kinds().items()}
        counted |= {name.removeprefix("n_"): number for name, number in records.aggregate(**kinds).items()}
        methods = records.filter(enabled=True).values_list("method").annotate(Count("pk")).order_by("method")
        counted["methods"] = dict(methods)
        counted["required_and_not_enabled"] = _required().count()
        living = RefreshSession._base_manager.using(alias).filter(revoked_at=None, expires_at__gt=now)
        counted["sessions"] = living.count()
    return counted


def _kinds() -> dict[str, Q]:
    """Kinds of records; prefixed, since an aggregate must not be called as a column is."""
    return {
        "n_records": Q(),
        "n_enabled": Q(enabled=True),
        "n_locked": Q(locked_until__gt=timezone.now()),
        "n_without_backup_codes": Q(enabled=True, backup_codes_left=0),
        "n_waiting_for_recovery": Q(recovery_requested_at__isnull=False, recovery_approved_at=None),
    }


def _required() -> Any:
    """Those who were told that they must have a second factor, and have none."""
    has_one = SecondFactorRecord._base_manager.using(database()).filter(enabled=True).values("user_id")
    return EnrollmentRequirement._base_manager.using(database()).exclude(user_id__in=has_one)


def _since(user: Any) -> str | None:
    with store_faults:
        row = EnrollmentRequirement._base_manager.using(database()).filter(user_id=user.pk).first()
    return None if row is None else moment(row.since.timestamp())


def _device(device: Any) -> dict[str, Any]:
    kind = {"kind": device.kind} if hasattr(device, "kind") else {}
    return {
        "id": device.id,
        "name": device.name,
        **kind,
        "created_at": moment(device.created_at),
        "last_used_at": moment(device.last_used_at),
    }


def _session(session: RefreshSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "device": session.device,
        "address": session.address,
        "last_used_at": moment(session.last_used_at.timestamp()),
        "expires_at": moment(session.expires_at.timestamp()),
    }
