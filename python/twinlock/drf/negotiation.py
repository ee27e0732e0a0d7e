"""DRF's content negotiation, without taking headers apart that ask for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

ANYTHING = "*/*"
"""What a client takes that says nothing."""


class Negotiation(DefaultContentNegotiation):
    """Finds what DRF's own finds: what is plain at once, all else by DRF."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The first parser where the body is of just its type."""
        first = next(iter(parsers), None)
        if first is not None and first.media_type == request.content_type:
            return first
        return super().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer where the client takes anything, or just what that one gives."""
        first, asked = next(iter(renderers)), request.META
        if (
            asked.get("HTTP_ACCEPT", ANYTHING) in (ANYTHING, first.media_type)
            and not asked.get("QUERY_STRING")
            and not format_suffix
            and ";" not in first.media_type  # such a one is given only to who asks for it
        ):
            return first, first.media_type
        found: tuple[Any, str] = super().select_renderer(request, renderers, format_suffix)
        return found
