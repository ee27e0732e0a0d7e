"""`second_factor_required` for views of Django, async or not, whichever way their users sign in.

Views of DRF take `twinlock.drf.permissions.second_factor_required`, which takes these, too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from twinlock.errors import Fault, Refused

from . import evidence
from .enforcement import Demand
from .faults import UNAVAILABLE
from .refusal_texts import sentence
from .services.step_up import GENERAL

View = Callable[..., Any]


def second_factor_required(
    view: View | None = None, *, purpose: str = GENERAL, max_age: int | None = None
) -> Any:
    """Lets a request through that shows a second factor for this purpose, at most `max_age` seconds old.

    `purpose` is one of `TWINLOCK["STEP_UP_PURPOSES"]`; `max_age` is the policy's `step_up_age` where it is
    None. The view finds the user in `request.user` and what is known of the sign-in in `request.evidence`.
    401 without a sign-in, 403 as `twinlock.django.enforcement` says, 503 where it cannot be looked up.
    """
    if view is None:
        return lambda view: second_factor_required(view, purpose=purpose, max_age=max_age)
    demand = Demand.of(purpose, max_age)
    return _awaited(view, demand) if iscoroutinefunction(view) else _called(view, demand)


def _called(view: View, demand: Demand) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = _refusal(request, demand)
        return view(request, *args, **kwargs) if refusal is None else refusal

    return guarded


def _awaited(view: View, demand: Demand) -> View:
    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refusal = await sync_to_async(_refusal)(request, demand)
        return await view(request, *args, **kwargs) if refusal is None else refusal

    return guarded


def _refusal(request: Any, demand: Demand) -> HttpResponse | None:
    try:
        found = evidence.find(request)
        denial = None if found is None else demand.denial(found)
    except Refused as refusal:
        return _answer(401, sentence(refusal), refusal.code)
    except Fault as fault:
        return _answer(503, str(UNAVAILABLE), fault.code)
    if found is None:
        return _answer(401, _("Authentication credentials were not provided."), "not_authenticated")
    if denial is not None:
        return found.answer(request, denial.body())
    _signed_in(request, found)
    return None


def _signed_in(request: Any, found: evidence.Evidence) -> None:
    async def auser() -> Any:
        return found.user

    request.user, request.auser, request.evidence = found.user, auser, found


def _answer(status: int, detail: str, code: str) -> HttpResponse:
    headers = {"Cache-Control": "no-store", **({"WWW-Authenticate": "Bearer"} if status == 401 else {})}
    return JsonResponse({"detail": detail, "code": code}, status=status, headers=headers)
