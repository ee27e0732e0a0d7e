"""The views as drf-spectacular shall see them: each with its row of the table of operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension, OpenApiViewExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework.views import APIView

from twinlock.django.conf import settings

from .operations import TABLE, Operation
from .refusals import JSON, needs_user, refusals

SHOWN = frozenset({"JWTCreateView", "JWTTOTP2FAVerifyView"})
"""The views that look for a trusted device's token."""
BY_BODY = frozenset({"JWTLogoutView"})
"""The views that a bearer token opens although nobody has to be signed in."""


class TwinlockViews(OpenApiViewExtension):
    """Describes all endpoints, and what a project derives from them."""

    target_class = "twinlock.drf.base.Contract"
    match_subclasses = True

    def view_replacement(self) -> type[APIView]:
        """The view with its descriptions."""
        view: Any = self.target
        described: Any = type(view.__name__, (view,), {"__doc__": view.__doc__})
        if _ours(view, BY_BODY):
            from ..authentication import TwinlockAuthentication

            described.authentication_classes = (TwinlockAuthentication,)
        found = {method: _describe(view, operation) for method, operation in _operations(view)}
        extend_schema_view(**found)(described)
        for method in found:
            function = getattr(described, method)
            function.kwargs["schema"] = type("Described", (_AnyBody, function.kwargs["schema"]), {})
        return described  # type: ignore[no-any-return]


class Words(OpenApiSerializerFieldExtension):
    """The words of a field that takes one of a few."""

    target_class = "twinlock.drf.fields.WordField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:  # noqa: ARG002
        """An enumeration."""
        return {"type": "string", "enum": list(self.target.words)}


class _AnyBody:
    """A body for DELETE, too, and one for PATCH that is not optional in all its parts."""

    method: str

    def _get_request_body(self, direction: str = "request") -> Any:
        method, self.method = self.method, "GET" if self.method == "GET" else "POST"
        try:
            return super()._get_request_body(direction)  # type: ignore[misc]
        finally:
            self.method = method


def _operations(view: type) -> Iterator[tuple[str, Operation]]:
    names = [parent.__name__ for parent in view.__mro__]
    for (name, method), operation in TABLE.items():
        if name in names:
            yield method, operation


def _describe(view: Any, operation: Operation) -> Any:
    refused = refusals(operation, view, takes_token=_takes_token(view))
    statuses = {status for status, _ in refused}
    return extend_schema(
        operation_id=f"twinlock_{operation.name}",
        summary=operation.summary,
        tags=["twinlock"],
        request=None if operation.body is None else {JSON: operation.body},
        responses={**_success(operation), **refused},
        parameters=[*_headers(statuses), *(_trust() if _ours(view, SHOWN) else ())],
    )


def _takes_token(view: Any) -> bool:
    return needs_user(view) or _ours(view, BY_BODY)


def _success(operation: Operation) -> dict[Any, Any]:
    answer = operation.answer
    if answer is None:
        return {operation.status: OpenApiResponse(description="Done.")}
    if isinstance(answer, list):
        answer = PolymorphicProxySerializer(f"{operation.title}Answer", answer, resource_type_field_name=None)
    return {(operation.status, JSON): OpenApiResponse(answer, description="Done.")}


def _headers(statuses: set[int]) -> Iterator[OpenApiParameter]:
    said = "Seconds until it makes sense to try again, where there is such a time."
    waits = sorted(statuses & {400, 429, 503})
    yield OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, description=said, response=waits)


def _trust() -> Iterator[OpenApiParameter]:
    said = "A trusted device's token, given by an earlier answer."
    yield OpenApiParameter(
        settings.TRUST_COOKIE_NAME, str, OpenApiParameter.COOKIE, required=False, description=said
    )
    if settings.TRUST_HEADER is not None:
        yield OpenApiParameter(
            settings.TRUST_HEADER, str, OpenApiParameter.HEADER, required=False, description=said
        )


def _ours(view: type, names: frozenset[str]) -> bool:
    return not names.isdisjoint(parent.__name__ for parent in view.__mro__)
