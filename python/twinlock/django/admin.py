"""The admin: lists that show nothing secret, and actions, each behind its own permission."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from twinlock.errors import TwinlockError

from . import recovery, services
from .admin_base import ReadOnlyAdmin, may
from .admin_filters import LivingFilter, LockedFilter, RequiredFilter
from .conf import settings
from .models import EnrollmentRequirement, RefreshSession, SecondFactorRecord
from .refusal_texts import sentence

RECORD = (
    "user",
    "enabled",
    "method",
    "devices",
    "backup_codes_left",
    "locked_until",
    "confirmed_at",
    "last_used_at",
    "recovery_requested_at",
    "recovery_approved_at",
    "created_at",
    "updated_at",
)
SESSION = ("user", "device", "address", "created_at", "last_used_at", "expires_at", "revoked_at")


@admin.register(SecondFactorRecord)
class SecondFactorRecordAdmin(ReadOnlyAdmin):
    """Looks, unlocks, resets and approves."""

    list_display = (
        "user",
        "enabled",
        "method",
        "backup_codes_left",
        "locked_until",
        "last_used_at",
        "recovery_requested_at",
    )
    list_filter = ("enabled", LockedFilter, "method", RequiredFilter)
    fields = RECORD
    readonly_fields = RECORD
    actions = ("unlock", "reset", "approve")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecondFactorRecord]:
        """The rows without their sealed content, which no page needs."""
        rows: QuerySet[SecondFactorRecord] = super().get_queryset(request).defer("record")
        return rows

    @admin.display(description=_("devices"))
    def devices(self, row: SecondFactorRecord) -> Any:
        """The devices by kind and name, out of the sealed record; why it cannot be opened, if so."""
        try:
            found = services.status(row.user).devices
        except TwinlockError as error:
            return sentence(error)
        return format_html_join(", ", "{} ({})", ((device.name, device.kind) for device in found)) or "-"

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may end locks."""
        return may(request, "unlock_second_factor")

    def has_reset_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may turn second factors off."""
        return may(request, "reset_second_factor")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may approve recoveries."""
        return may(request, "approve_recovery")

    @admin.action(description=_("End the lock"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, queryset: Any) -> None:
        """Ends the locks of the chosen users."""
        self.each(request, queryset, lambda row: services.unlock(row.user, request=request), _("Not locked."))

    @admin.action(description=_("Turn the second factor off"), permissions=["reset"])
    def reset(self, request: HttpRequest, queryset: Any) -> None:
        """Turns the chosen second factors off."""
        done = _("The second factor is off; the user is told by mail.")
        self.each(request, queryset, lambda row: services.admin_reset(row.user, request=request), done)

    @admin.action(description=_("Approve the recovery"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: Any) -> None:
        """Mails the recovery link to the chosen users who asked for one."""
        done = _("The recovery link is on its way.")
        self.each(request, queryset, lambda row: recovery.approve(row.user, request=request), done)


@admin.register(RefreshSession)
class RefreshSessionAdmin(ReadOnlyAdmin):
    """Looks at sign-ins, and ends them."""

    list_display = (*SESSION, "living")
    list_filter = (LivingFilter,)
    fields = SESSION
    readonly_fields = SESSION
    ordering = ("-last_used_at",)
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefreshSession]:
        """The rows without what only the engine reads."""
        rows: QuerySet[RefreshSession] = super().get_queryset(request).defer("state", "credential")
        return rows

    @admin.display(description=_("living"), boolean=True)
    def living(self, row: RefreshSession) -> bool:
        """Whether the row says that it goes on; a new password or second factor ends it, too."""
        return row.revoked_at is None and row.expires_at > timezone.now()

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may end sessions."""
        return may(request, "revoke_session")

    @admin.action(description=_("End the session"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        """Ends the chosen sessions."""

        def end(row: RefreshSession) -> None:
            services.revoke_session(row.user, row.pk, request=request)

        self.each(request, queryset, end, _("The session has ended."))


@admin.register(EnrollmentRequirement)
class EnrollmentRequirementAdmin(ReadOnlyAdmin):
    """Looks since when users must have a second factor, and gives them time anew."""

    list_display = ("user", "since", "due")
    fields = ("user", "since", "due")
    readonly_fields = fields
    ordering = ("-since",)
    actions = ("renew",)

    @admin.display(description=_("due"))
    def due(self, row: EnrollmentRequirement) -> datetime.datetime:
        """When the grace period ends."""
        end: datetime.datetime = row.since + datetime.timedelta(seconds=settings.GRACE_PERIOD)
        return end

    def has_renew_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may give users time."""
        return may(request, "renew_grace_period")

    @admin.action(description=_("Begin the grace period anew"), permissions=["renew"])
    def renew(self, request: HttpRequest, queryset: Any) -> None:
        """Lets the period of the chosen users begin when they are seen next."""
        done = _("The grace period begins at the next sign-in.")
        self.each(request, queryset, lambda row: services.renew_grace(row.user, request=request), done)
