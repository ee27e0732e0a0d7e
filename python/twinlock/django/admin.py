"""The admin: a read-only list with nothing secret, and three actions, each behind its own permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from twinlock.errors import TwinlockError

from . import audit, recovery, services, users
from .models import SecondFactorRecord

SHOWN = (
    "user",
    "enabled",
    "method",
    "device_count",
    "backup_codes_left",
    "locked_until",
    "confirmed_at",
    "last_used_at",
    "recovery_requested_at",
    "recovery_approved_at",
    "created_at",
    "updated_at",
)


@admin.register(SecondFactorRecord)
class SecondFactorRecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Looks, unlocks, resets and approves; it neither edits nor deletes, and no operator acts on himself."""

    list_display = (
        "user",
        "enabled",
        "backup_codes_left",
        "locked_until",
        "last_used_at",
        "recovery_requested_at",
    )
    list_filter = ("enabled", "method")
    list_select_related = ("user",)
    fields = SHOWN
    readonly_fields = SHOWN
    actions = ("unlock", "reset", "approve")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecondFactorRecord]:
        """The rows without their sealed content, which no page needs."""
        rows: QuerySet[SecondFactorRecord] = super().get_queryset(request).defer("record")
        return rows

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:  # noqa: ARG002
        """The user's name and address, whatever the host's model calls them."""
        model = get_user_model()
        names: list[Any] = [model.USERNAME_FIELD]
        if hasattr(model, "get_email_field_name"):
            names.append(model.get_email_field_name())
        return tuple(f"user__{name}" for name in dict.fromkeys(names))

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never: only an enrollment makes a record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never: the columns are copies of what is sealed."""
        return False

    def get_actions(self, request: HttpRequest) -> Any:
        """The three actions; without its record a user has no second factor, so deletion is `reset`."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        """Never here. The deletion of a user still takes the record along."""
        raise PermissionDenied

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may end locks."""
        return _may(request, "unlock_second_factor")

    def has_reset_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may turn second factors off."""
        return _may(request, "reset_second_factor")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Whether the operator may approve recoveries."""
        return _may(request, "approve_recovery")

    # Services refuse inside a transaction, so ATOMIC_REQUESTS must not open one around the actions.
    @transaction.non_atomic_requests
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list and its actions."""
        return super().changelist_view(request, extra_context)

    @admin.action(description=_("End the lock"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, queryset: Any) -> None:
        """Ends the locks of the chosen users."""
        self._each(request, queryset, services.unlock)

    @admin.action(description=_("Turn the second factor off"), permissions=["reset"])
    def reset(self, request: HttpRequest, queryset: Any) -> None:
        """Turns the chosen second factors off."""
        self._each(request, queryset, services.admin_reset)

    @admin.action(description=_("Approve the recovery"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: Any) -> None:
        """Mails the recovery link to the chosen users who asked for one."""
        self._each(request, queryset, recovery.approve)

    def _each(self, request: HttpRequest, queryset: Any, act: Callable[..., None]) -> None:
        operator = users.subject_of(request.user)
        for row in queryset.select_related("user"):
            subject = users.subject_of(row.user)
            if subject == operator:
                self.message_user(request, _("Nobody does this to himself."), messages.ERROR)
                continue
            audit.event("operator_action", subject, request=request, operator=operator, action=act.__name__)
            try:
                act(row.user, request=request)
            except TwinlockError as error:
                self.message_user(request, f"{row.user}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"{row.user}: {act.__name__}", messages.SUCCESS)


def _may(request: HttpRequest, permission: str) -> bool:
    operator: Any = request.user
    return bool(operator.has_perm(f"twinlock.{permission}"))
