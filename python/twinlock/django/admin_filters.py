"""Filters of the admin's lists, by what the columns say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import EnrollmentRequirement


class YesNoFilter(SimpleListFilter, ABC):
    """Those for whom something holds, and those for whom it does not."""

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Both."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: Any, queryset: Any) -> Any:  # noqa: ARG002
        """The rows that were chosen."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(self.condition() if self.value() == "yes" else ~self.condition())

    @abstractmethod
    def condition(self) -> Q:
        """What holds."""


class LockedFilter(YesNoFilter):
    """Locked at this moment."""

    title = _("locked")
    parameter_name = "locked"

    def condition(self) -> Q:
        """The lock has not ended."""
        return Q(locked_until__isnull=False, locked_until__gt=timezone.now())


class RequiredFilter(YesNoFilter):
    """Of users who were told that they must have a second factor."""

    title = _("required")
    parameter_name = "required"

    def condition(self) -> Q:
        """The day is stored since when."""
        return Q(Exists(EnrollmentRequirement._base_manager.filter(user=OuterRef("user"))))


class LivingFilter(YesNoFilter):
    """Sessions that go on."""

    title = _("living")
    parameter_name = "living"

    def condition(self) -> Q:
        """Neither revoked nor at its end."""
        return Q(revoked_at__isnull=True, expires_at__gt=timezone.now())
