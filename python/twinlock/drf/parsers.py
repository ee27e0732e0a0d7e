"""Bodies of at most 64 KiB, and a 400 or 413 for every unreadable one, whichever parsers the project uses.

No request to these endpoints needs more than a few kilobytes. The limit is checked against the declared
length before anything else (`check_declared_length`) and against what is really read, since a declared length
may be absent or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from . import coders
from .exceptions import BODY_LIMIT, BodyTooLarge


def check_declared_length(request: Request) -> None:
    """Refuses by the Content-Length alone, before a byte of the body is read."""
    try:
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise ParseError(_("The Content-Length header is malformed.")) from None
    if declared > BODY_LIMIT:
        raise BodyTooLarge


class Bounded(parsers.BaseParser):
    """Gives another parser no more than the limit, and turns what that one fails with into a 400."""

    def __init__(self, parser: parsers.BaseParser) -> None:
        self._parser = parser
        self.media_type = parser.media_type

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """What the other parser makes of the body."""
        body = stream.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            raise BodyTooLarge
        _check_charset((parser_context or {}).get("encoding") or settings.DEFAULT_CHARSET)
        try:
            return coders.parsed(self._parser, body, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The request body is nested too deeply.")) from None
        except ValueError:
            raise ParseError from None


def _check_charset(name: str) -> None:
    """Refuses codecs that are none of text: bz2 and zlib would unpack what was bounded."""
    try:
        "".encode(name)
    except (LookupError, ValueError):
        raise ParseError from None


class JSONParser(Bounded):
    """DRF's JSON parser, bounded: for a project's own views."""

    media_type = parsers.JSONParser.media_type

    def __init__(self) -> None:
        super().__init__(parsers.JSONParser())
