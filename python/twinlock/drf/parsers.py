"""Parsers that read at most 64 KiB and answer every unreadable body with 400 or 413.

No request to these endpoints needs more than a few kilobytes. The limit is checked against the declared length before anything
else (`check_declared_length`) and against what is really read, since a declared length may be absent or wrong.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from rest_framework import parsers, status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

BODY_LIMIT = 64 * 1024


class BodyTooLarge(APIException):
    """413: the body is larger than any request to these endpoints can be."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The request body is larger than {BODY_LIMIT} bytes."
    default_code = "body_too_large"


def check_declared_length(request: Request) -> None:
    """Refuses by the Content-Length alone, before a byte of the body is read."""
    try:
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise ParseError("The Content-Length header is malformed.") from None
    if declared > BODY_LIMIT:
        raise BodyTooLarge


class _Bounded(parsers.BaseParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            raise BodyTooLarge
        try:
            return super().parse(io.BytesIO(body), media_type, parser_context)
        except RequestDataTooBig:
            raise BodyTooLarge from None
        except RecursionError:
            raise ParseError("The request body is nested too deeply.") from None
        except (ValueError, LookupError, SuspiciousOperation):
            raise ParseError from None


class JSONParser(_Bounded, parsers.JSONParser):
    """JSON."""


class FormParser(_Bounded, parsers.FormParser):
    """URL-encoded forms."""


class MultiPartParser(_Bounded, parsers.MultiPartParser):
    """Multipart forms; a file is no text and so no valid value of any field here."""
