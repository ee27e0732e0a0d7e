"""All views that the project's URLconf routes, as what they are: classes, or functions by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """One pattern. `path` is as the URLconf writes it, `view` the class, admin site or function behind it.

    `options` are what the URLconf gave to `as_view`.
    """

    path: str
    view: Any
    options: Mapping[str, Any]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The dotted names of the view's class and its parents, or of the function."""
        view = self.view
        parts = (view if isinstance(view, type) else type(view)).__mro__
        named = getattr(view, "__qualname__", None)
        if not isinstance(view, type) and named is not None:
            return (f"{view.__module__}.{named}",)
        return tuple(f"{part.__module__}.{part.__qualname__}" for part in parts)


def found_routes() -> list[Route]:
    """Every pattern of ROOT_URLCONF, included ones with their prefix; none of a URLconf that is broken."""
    try:
        return list(_below(get_resolver().url_patterns, ""))
    except Exception:  # whatever the project's modules raise: Django's own check tells of it
        return []


def _below(patterns: Any, prefix: str) -> Iterator[Route]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _below(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield Route(path, _view(entry.callback), getattr(entry.callback, "view_initkwargs", {}))


def _view(callback: Any) -> Any:
    """What a callback stands for: `as_view` and DRF mark the class, an admin site's login is its method."""
    if getattr(callback, "__name__", "") == "login" and hasattr(callback, "__self__"):
        return callback.__self__
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
