"""What an endpoint refuses with: its own codes, and those that it shares with the others."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import IsAuthenticated

from .codes import FAULTS, Code, by_status
from .operations import Operation
from .shapes import Shape, error, error_or_fields

JSON = "application/json"
# RFC 9110, section 15; said here because Python's own words differ from version to version.
PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    406: "Not Acceptable",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
ALWAYS = ("parse_error", "not_acceptable", "body_too_large", "throttle_unavailable", *FAULTS)
BODY = ("unsupported_media_type",)
LIMITED = ("throttled",)
AUTHENTICATION = (
    "not_authenticated",
    "authentication_failed",
    "bad_authorization_header",
    "token_not_valid",
    "user_not_found",
    "user_inactive",
)
SHARED = by_status((*ALWAYS, *BODY, *LIMITED, *AUTHENTICATION))


def refusals(operation: Operation, view: Any, *, takes_token: bool) -> dict[Any, Any]:
    """The answers that are no success, for `extend_schema`."""
    found: dict[Any, Any] = {}
    for status, codes in _codes(operation, view, takes_token=takes_token).items():
        body: Any = _body(operation, status, codes)
        if status == 400 and operation.body is not None:
            body = error_or_fields(f"{operation.title}Errors", body)
        found[status, JSON] = OpenApiResponse(body, description=PHRASES[status])
    return found


def needs_user(view: Any) -> bool:
    """Whether the view is for signed-in users."""
    return IsAuthenticated in view.permission_classes


def _codes(operation: Operation, view: Any, *, takes_token: bool) -> dict[int, list[Code]]:
    return by_status(
        (
            *operation.refusals,
            *ALWAYS,
            *(AUTHENTICATION if takes_token else ()),
            *(BODY if operation.body is not None else ()),
            *(LIMITED if view.throttle_classes else ()),
        )
    )


def _body(operation: Operation, status: int, codes: list[Code]) -> type[Shape]:
    if codes == SHARED.get(status):
        return _shared(status)
    return error(f"{operation.title}Error{status}", status, codes)


@cache
def _shared(status: int) -> type[Shape]:
    return error(f"Error{status}", status, SHARED[status])
