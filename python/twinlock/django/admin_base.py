"""What the admin's pages have in common: they show, and act by actions with permissions of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from twinlock.errors import TwinlockError

from . import audit, users
from .isolation import outside_transactions
from .refusal_texts import sentence

HIMSELF = _("Nobody does this to himself.")
SUPERUSER = _("Only a superuser does this to a superuser.")


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Neither adds nor edits nor deletes. The deletion of a user still takes the rows along."""

    list_select_related = ("user",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:  # noqa: ARG002
        """The user's name and address, whatever the host's model calls them."""
        model: Any = get_user_model()
        names = dict.fromkeys((model.USERNAME_FIELD, users.email_field(model)))
        return tuple(f"user__{name}" for name in names if name)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never: only the services make rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Never: the services would not know."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Only together with the user: the admin asks this for each row that goes along."""
        return obj is not None

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> Any:
        """Our own. From Django 6.1 on, `action_location` says for which page; 5.2 has actions on one page."""
        where = () if action_location is None else (action_location,)
        actions = super().get_actions(request, *where)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        """Never here."""
        raise PermissionDenied

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of one row, without a way to delete it."""
        context = {**(extra_context or {}), "show_delete": False}
        return super().change_view(request, object_id, form_url, context)

    # Services refuse inside a transaction, so ATOMIC_REQUESTS must not open one around the actions.
    @outside_transactions
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list and its actions."""
        return super().changelist_view(request, extra_context)

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], Any], done: Any) -> None:
        """Acts on each row, tells the log first and the operator afterwards."""
        for row in rows.select_related("user"):
            refusal = _refusal(request.user, row.user)
            if refusal is not None:
                self.message_user(request, f"{row.user}: {refusal}", messages.ERROR)
                continue
            subject, operator = users.subject_of(row.user), users.subject_of(request.user)
            action = request.POST.get("action", "")
            audit.event("operator_action", subject, request=request, operator=operator, action=action)
            try:
                act(row)
            except TwinlockError as error:
                self.message_user(request, f"{row.user}: {sentence(error)}", messages.ERROR)
            else:
                self.message_user(request, f"{row.user}: {done}", messages.SUCCESS)


def may(request: HttpRequest, permission: str) -> bool:
    """Whether the operator has one of the app's permissions."""
    operator: Any = request.user
    return bool(operator.has_perm(f"twinlock.{permission}"))


def _refusal(operator: Any, user: Any) -> Any:
    """Why the operator may not act on the user, whatever his permissions are."""
    if operator.pk == user.pk:
        return HIMSELF
    if getattr(user, "is_superuser", False) and not getattr(operator, "is_superuser", False):
        return SUPERUSER
    return None
