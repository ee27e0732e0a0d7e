"""Permissions for a project's own views: a fresh second factor, and a second factor at all where one is due.

`fresh_second_factor(purpose="payout", max_age=300)` makes a permission class; the decorator
`second_factor_required` is the same for classes and functions, of DRF or of Django. `SecondFactorEnforced`
keeps out who must have a second factor and has none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from twinlock.django import decorators, evidence
from twinlock.django.enforcement import Demand, Denial, enforcement_denial
from twinlock.django.evidence import Evidence, TokenEvidence
from twinlock.django.services.step_up import GENERAL
from twinlock.errors import Refused

from .authentication import TwinlockAuthentication
from .exceptions import Denied

if TYPE_CHECKING:
    from rest_framework.views import APIView


class SecondFactorEnforced(IsAuthenticated):
    """Signed in, and with a second factor where the policy wants one by now: 403 `enrollment_required` else.

    It takes the place of `IsAuthenticated`. Tokens from before the policy are held to it, too.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may go on."""
        if not super().has_permission(request, view):
            return False
        found = evidence_of(request)
        _raise(enforcement_denial(request.user, found.amr if found else ()))
        return True


class _Fresh(BasePermission):
    demand: Demand

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        """Whether the second factor is fresh enough."""
        if not (request.user and request.user.is_authenticated):
            return False
        _raise(self.demand.denial(evidence_of(request) or _NoEvidence(request.user)))
        return True


def fresh_second_factor(*, purpose: str = GENERAL, max_age: int | None = None) -> type[BasePermission]:
    """A permission class that wants a second factor at most `max_age` seconds old, for this purpose.

    `purpose` is one of `TWINLOCK["STEP_UP_PURPOSES"]`. 403: see `twinlock.django.enforcement`.
    """
    return type(
        "FreshSecondFactor", (_Fresh,), {"demand": Demand.of(purpose, max_age), "__doc__": _Fresh.__doc__}
    )


def second_factor_required(view: Any = None, *, purpose: str = GENERAL, max_age: int | None = None) -> Any:
    """Asks for a fresh second factor before an APIView, an `@api_view`, or a view of Django, async or not.

    On a class it stands like a permission after the class's own. On a function of DRF it goes below
    `@api_view`.
    """
    if view is None:
        return lambda view: second_factor_required(view, purpose=purpose, max_age=max_age)
    # DRF's views import the default permission classes, so ours must be importable before them.
    from rest_framework.views import APIView

    if isinstance(view, type) and issubclass(view, APIView):
        permission = fresh_second_factor(purpose=purpose, max_age=max_age)
        view.permission_classes = (*view.permission_classes, permission)
        return view
    return _function(view, purpose, max_age)


def evidence_of(request: Request) -> Evidence | None:
    """What the request shows of its user's sign-in; nothing of anybody else counts."""
    token = evidence.bearer_token(request)
    if token is not None and isinstance(request.successful_authenticator, TwinlockAuthentication):
        claims: Any = request.auth
        return TokenEvidence(token, request.user, claims)
    try:
        found = evidence.find(request._request)
    except Refused:
        return None
    return found if found is not None and found.user.pk == request.user.pk else None


def denied(denial: Denial) -> Denied:
    """The exception for a denial."""
    return Denied(*denial)


class _NoEvidence(Evidence):
    """A user of whose sign-in nothing is known."""

    auth_time = None
    amr = ()

    def __init__(self, user: Any) -> None:
        self.user = user

    def is_fresh(self, purpose: str, max_age: int) -> bool:  # noqa: ARG002
        """Never."""
        return False


def _function(view: Callable[..., Any], purpose: str, max_age: int | None) -> Any:
    for_django = decorators.second_factor_required(view, purpose=purpose, max_age=max_age)
    if iscoroutinefunction(view):
        return for_django
    permission = fresh_second_factor(purpose=purpose, max_age=max_age)()

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(request, Request):
            return for_django(request, *args, **kwargs)
        if not permission.has_permission(request, request.parser_context["view"]):
            request.parser_context["view"].permission_denied(request)
        return view(request, *args, **kwargs)

    return guarded


def _raise(denial: Denial | None) -> None:
    if denial is not None:
        raise denied(denial)
