"""An admin site whose login asks for the second factor.

`twinlock.django.admin_apps.TwinlockAdminConfig` makes it the site that `admin.site` is; a site of one's own
inherits from it. The second step and the enrollment are Twinlock's pages, which the project routes.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from twinlock.errors import Fault

from . import answers, gate
from .isolation import outside_transactions
from .middleware import second_factor_exempt


class TwinlockAdminSite(AdminSite):
    """Django's admin site, open to sessions with a second factor."""

    asks_for_second_factor = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user is staff, and the session has shown the second factor."""
        if not super().has_permission(request):
            return False
        try:
            return gate.missing_in_admin(request) is None
        except Fault:
            return False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's; staff whose session lacks the second factor is led to the page that asks for it."""
        guarded = super().admin_view(view, cacheable)

        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if super(TwinlockAdminSite, self).has_permission(request):
                try:
                    missing = gate.missing_in_admin(request)
                except Fault as fault:
                    return answers.unavailable(request, fault.code)
                if missing is not None and view == self.logout:
                    return view(request, *args, **kwargs)
                if missing is not None:
                    return answers.refused(request, missing.denial.body(), missing.page)
            return guarded(request, *args, **kwargs)

        return update_wrapper(asked, guarded)

    @method_decorator([never_cache, login_not_required, outside_transactions, second_factor_exempt])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The admin's own form for the password; what follows is Twinlock's page."""
        from django.contrib.admin.forms import AdminAuthenticationForm

        from .pages.views.sign_in import TwinlockLoginView

        index = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        request.current_app = self.name
        view = TwinlockLoginView.as_view(
            authentication_form=self.login_form or AdminAuthenticationForm,
            template_name=self.login_template or "admin/login.html",
            next_page=index,
            extra_context={
                **self.each_context(request),
                "title": _("Log in"),
                "subtitle": None,
                "app_path": request.get_full_path(),
                "username": request.user.get_username(),
                **(extra_context or {}),
            },
        )
        return view(request)
