"""What the pages have in common: who may see them, how they are shown, how refusals and faults look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from twinlock.django import answers, gate
from twinlock.django.conf import settings
from twinlock.django.faults import TOO_MANY
from twinlock.django.frames import clear_frames
from twinlock.django.isolation import outside_transactions
from twinlock.errors import Fault, Refused, StoreFault

from . import limits, texts

GUARDS = (
    never_cache,
    xframe_options_deny,
    csrf_protect,
    sensitive_post_parameters(),
    login_not_required,
    outside_transactions,
)


class Guarded:
    """Goes before a view: what is posted is counted, a fault is the page of status 503 and grants nothing."""

    second_factor_exempt = True
    throttle_group: str
    """Which forms share a bucket of requests."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The request's way through the view."""
        try:
            refusal = limits.refusal(request, self.throttle_group)
            return refusal or super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Fault as fault:
            return answers.unavailable(request, fault.code)
        except (OperationalError, InterfaceError):  # the session or the user could not be read or written
            return answers.unavailable(request, StoreFault().code)
        except Exception as error:
            clear_frames(error)  # they hold what the user typed, for error reporters to collect
            raise


class _Admitting(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.admit() or super().dispatch(request, *args, **kwargs)

    def admit(self) -> HttpResponse | None:
        """Where to go instead; None: the page is open to this request."""
        return None


@method_decorator(GUARDS, name="dispatch")
class Page(Guarded, _Admitting):
    """One page. `template` is its file under `twinlock/pages/`."""

    template = ""
    starts_over: ClassVar[Mapping[str, str]] = {}
    """The pages to go to after a refusal that no form on this page can mend, by the refusal's code."""

    def show(self, *, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        """The page."""
        name = f"twinlock/pages/{template or self.template}.html"
        base = {
            "base_template": settings.PAGES_BASE_TEMPLATE,
            "next": self.next_url(default=""),
            "signed_in": self.request.user.is_authenticated,
        }
        return render(self.request, name, {**base, **context}, status=status)

    def show_refusal(
        self, refusal: Refused, said: Mapping[str, Any] = texts.TEXTS, **context: Any
    ) -> HttpResponse:
        """The page with the sentence of a refusal: status 429 where waiting helps, else 400."""
        if refusal.code in self.starts_over:
            messages.error(self.request, texts.sentence(refusal), fail_silently=True)
            return redirect(self.starts_over[refusal.code])
        status = 429 if refusal.code in TOO_MANY else 400
        response = self.show(status=status, error=texts.sentence(refusal, said), **context)
        if refusal.retry_after is not None:
            response["Retry-After"] = str(refusal.retry_after)
        return response

    def done(self, text: str, default: str = "twinlock:status") -> HttpResponse:
        """To where the user came from, with a message that it is done."""
        messages.success(self.request, text, fail_silently=True)
        return redirect(self.next_url(default))

    def next_url(self, default: str = "twinlock:status") -> str:
        """The page that the request names to go on to, if it is one of this site."""
        wanted = self.request.POST.get(REDIRECT_FIELD_NAME, self.request.GET.get(REDIRECT_FIELD_NAME, ""))
        if wanted and answers.is_safe(self.request, wanted):
            return str(wanted)
        return str(resolve_url(default)) if default else ""

    def to_sign_in(self, next_url: str | None = None) -> HttpResponseRedirect:
        """To the project's LOGIN_URL."""
        return answers.to_sign_in(self.request.get_full_path() if next_url is None else next_url)


class OwnPage(Page):
    """A page on which a user manages what is the user's own: it needs a whole sign-in, with both factors."""

    throttle_group = "page-manage"

    def admit(self) -> HttpResponse | None:
        """To the sign-in or to its second step, if that is missing."""
        if not self.request.user.is_authenticated:
            return self.to_sign_in()
        missing = gate.missing(self.request)
        if missing is None or missing.page == gate.SETUP:
            return None
        return answers.refused(self.request, missing.denial.body(), missing.page)

    @property
    def told(self) -> dict[str, Any]:
        """What signals and the log are told of the request."""
        return {"request": self.request, "sender": type(self)}
