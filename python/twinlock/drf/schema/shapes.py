"""The bodies of errors: serializers that stand for a JSON Schema and never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.serializers import Serializer

from .codes import Code

_TEXT = {"type": "string"}
_MOMENT = {"type": "string", "format": "date-time"}
_SECONDS = {"type": "integer", "minimum": 0}
_METHODS = {"type": "array", "items": _TEXT, "description": "What the user can answer with."}

_MEMBERS: dict[int, dict[str, Any]] = {
    400: {"retry_after": {**_SECONDS, "description": "The account is locked from this wrong code on."}},
    401: {"messages": {"type": "array", "items": {"type": "object", "additionalProperties": _TEXT}}},
    403: {
        "purpose": {**_TEXT, "description": "What to ask `totp/step_up/` for."},
        "max_age": {**_SECONDS, "description": "Seconds that the second factor, or the sign-in, may be old."},
        "methods": _METHODS,
        "enrollment_due_at": _MOMENT,
    },
    429: {"retry_after": _SECONDS, "locked_until": _MOMENT},
    503: {"retry_after": _SECONDS},
}
"""What errors of a status may have beside `detail` and `code`."""

NOTHING = {"type": "object", "maxProperties": 0}
"""An empty object."""


class Shape(Serializer[Any]):
    """A body that is described by a JSON Schema."""

    json_schema: ClassVar[dict[str, Any]]


class FieldErrors(Shape):
    """The errors of a request's fields."""

    json_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "description": "Per field its errors; those of the whole request are under `non_field_errors`.",
        "additionalProperties": {"type": "array", "items": _TEXT},
    }


class Shapes(OpenApiSerializerExtension):
    """Shows a shape as what it stands for."""

    target_class = Shape
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:  # noqa: ARG002
        """The JSON Schema."""
        schema: dict[str, Any] = self.target.json_schema
        return schema


def error(name: str, status: int, codes: Sequence[Code]) -> type[Shape]:
    """The body with one of the codes, which all have that status."""
    # In `allOf`, where drf-spectacular does not make a component of each set of codes.
    code = {"allOf": [{**_TEXT, "enum": [code.name for code in codes]}]}
    schema = {
        "type": "object",
        "description": "\n".join(f"* `{code.name}`: {code.meaning}" for code in codes),
        "required": ["detail", "code"],
        "properties": {
            "detail": {**_TEXT, "description": "A sentence for people."},
            "code": code,
            **_MEMBERS.get(status, {}),
        },
    }
    return type(name, (Shape,), {"json_schema": schema})


def error_or_fields(name: str, body: type[Shape]) -> PolymorphicProxySerializer:
    """A 400: with a code, or the errors of fields."""
    return PolymorphicProxySerializer(name, [body, FieldErrors], resource_type_field_name=None)
