"""JSON as REST framework reads and writes it, by coders that are made once and not for every request."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from json import JSONDecoder
from typing import Any

from rest_framework import parsers, renderers
from rest_framework.compat import LONG_SEPARATORS, SHORT_SEPARATORS
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.utils import json


def parsed(
    parser: BaseParser, body: bytes, media_type: str | None, parser_context: Mapping[str, Any] | None
) -> Any:
    """What a parser makes of a body: a right one in UTF-8 at once, all else by the parser itself."""
    encoding = (parser_context or {}).get("encoding")
    if encoding == "utf-8" and type(parser) is parsers.JSONParser:
        try:
            return _decoder(parser.strict).decode(body.decode())
        except ValueError:
            pass  # the parser says what is wrong
    return parser.parse(io.BytesIO(body), media_type, parser_context)


class Renderer(renderers.JSONRenderer):
    """Renders what `rest_framework.renderers.JSONRenderer` renders."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The document, on one line unless the client or the page asks for another form."""
        context = renderer_context or {}
        if data is None or accepted_media_type != self.media_type or context.get("indent") is not None:
            found: bytes = super().render(data, accepted_media_type, context)
            return found
        kind: Any = self.encoder_class
        text: str = _encoder(kind, self.ensure_ascii, self.strict, self.compact).encode(data)
        return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


def kept(renderer: BaseRenderer) -> BaseRenderer:
    """The renderer, or ours in place of REST framework's own."""
    return Renderer() if type(renderer) is renderers.JSONRenderer else renderer


@lru_cache(maxsize=2)
def _decoder(strict: bool) -> JSONDecoder:
    return JSONDecoder(parse_constant=json.strict_constant if strict else None)


@lru_cache(maxsize=8)
def _encoder(kind: Any, ensure_ascii: bool, strict: bool, compact: bool) -> Any:
    separators = SHORT_SEPARATORS if compact else LONG_SEPARATORS
    return kind(ensure_ascii=ensure_ascii, allow_nan=not strict, separators=separators)
