"""What a setting can be: one descriptor per kind, which reads, checks and describes it.

A setting is read at its first use, and anew once Django says that settings changed. A value of the wrong kind
raises ImproperlyConfigured with the name of the setting and never with its value, which may be a key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, Generic, TypeVar, overload

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

T = TypeVar("T")

REQUIRED: Any = object()
"""The default of a setting that has none."""


class Setting(Generic[T]):
    """A row of the table of settings, for the class body of `Settings` or as a member of a `Group`.

    `doc` is a sentence in Markdown, `default` the value or a callable that gives it, `old` the global setting
    of another package that stands in where `TWINLOCK` says nothing.
    """

    wanted = "a value"
    kinds: Any = object

    def __init__(self, doc: str, *, default: Any = REQUIRED, old: str | None = None) -> None:
        self.doc = doc
        self.default = default
        self.old = old
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Setting[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Setting[T] | T:
        if instance is None:
            return self
        kept = kept_values()
        try:
            value: T = kept[self.name]
        except KeyError:
            value = kept[self.name] = self.read(self.name, twinlock(), "TWINLOCK")
        return value

    def read(self, key: str, found: Mapping[str, Any], path: str) -> T:
        """The checked value of `key` in a dict whose own name is `path`."""
        name = f"{path}[{key!r}]"
        if key in found:
            value = found[key]
        elif self.old is not None and hasattr(django_settings, self.old):
            name, value = self.old, getattr(django_settings, self.old)
        else:
            return self.fallback(name)
        return self.checked(name, value)

    def fallback(self, name: str) -> T:
        """The value where nothing is set."""
        if self.default is REQUIRED:
            raise ImproperlyConfigured(f"{name} is missing.")
        value: T = self.default() if callable(self.default) else self.default
        return value

    def checked(self, name: str, value: Any) -> T:
        """The value, if it is of the kind."""
        kept: T = typed(name, value, self.kinds, self.wanted)
        return kept


class Text(Setting[str]):
    """A text."""

    wanted, kinds = "a text", str


class OptionalText(Setting["str | None"]):
    """A text or None."""

    wanted, kinds = "a text", (str, NoneType)


class Flag(Setting[bool]):
    """True or False; False where it is not set."""

    wanted, kinds = "True or False", bool

    def __init__(self, doc: str, *, default: bool = False, old: str | None = None) -> None:
        super().__init__(doc, default=default, old=old)


class Whole(Setting[int]):
    """A whole number of at least `least`."""

    wanted, kinds = "a whole number", int

    def __init__(self, doc: str, *, default: Any, old: str | None = None, least: int | None = None) -> None:
        super().__init__(doc, default=default, old=old)
        self.least = least

    def checked(self, name: str, value: Any) -> int:
        """The number, if it is in its bounds."""
        number = super().checked(name, value)
        if self.least is not None and number < self.least:
            raise ImproperlyConfigured(f"{name} must be {self.least} or more.")
        return number


class Word(Setting[str]):
    """One of a few words."""

    def __init__(self, doc: str, *, words: Sequence[str], default: str | None = None) -> None:
        super().__init__(doc, default=words[0] if default is None else default)
        self.words = tuple(words)
        self.wanted = "one of: " + ", ".join(words)

    def checked(self, name: str, value: Any) -> str:
        """The word, if it is known."""
        if value not in self.words:
            raise ImproperlyConfigured(f"{name} must be {self.wanted}.")
        return str(value)


class Words(Setting["tuple[str, ...]"]):
    """Several of a few words, or any texts where no words are given."""

    wanted, kinds = "a list of texts", (list, tuple)

    def __init__(self, doc: str, *, default: Sequence[str], words: Sequence[str] = ()) -> None:
        super().__init__(doc, default=tuple(default))
        self.words = tuple(words)

    def checked(self, name: str, value: Any) -> tuple[str, ...]:
        """The words, if all are known."""
        texts = tuple(
            typed(name, text, str, self.wanted) for text in typed(name, value, self.kinds, self.wanted)
        )
        unknown = [text for text in texts if self.words and text not in self.words]
        if unknown:
            raise ImproperlyConfigured(f"{name} has {unknown}; there are: {', '.join(self.words)}.")
        return texts


class Group(Setting[T]):
    """A dict of settings, read as a NamedTuple whose fields are their names."""

    wanted = "a dict"

    def __init__(
        self, doc: str, shape: Callable[..., T], members: Mapping[str, Setting[Any]], check: Any = None
    ) -> None:
        super().__init__(doc, default=dict)
        self.shape = shape
        self.members = dict(members)
        self._check = check

    def read(self, key: str, found: Mapping[str, Any], path: str) -> T:
        """The shape, filled with the checked members."""
        name = f"{path}[{key!r}]"
        part = typed(name, found.get(key, {}), Mapping, self.wanted)
        value = self.shape(
            **{field: member.read(field, part, name) for field, member in self.members.items()}
        )
        if self._check is not None:
            self._check(name, value)
        return value

    def unknown(self, key: str, found: Mapping[str, Any]) -> list[str]:
        """The names in the dict that are no members."""
        part = typed(f"TWINLOCK[{key!r}]", found.get(key, {}), Mapping, self.wanted)
        return [f"TWINLOCK[{key!r}][{name!r}]" for name in part if name not in self.members]


_NOTHING: Mapping[str, Any] = {}
_kept: tuple[Any, dict[str, Any]] = (None, {})


def kept_values() -> dict[str, Any]:
    """The values that were read since the settings last changed, from the dict that is set."""
    global _kept
    kept_for, values = _kept
    try:
        # Where Django keeps a setting that was read: its own way there takes many times as long.
        found = object.__getattribute__(django_settings, "TWINLOCK")
    except AttributeError:
        found = getattr(django_settings, "TWINLOCK", _NOTHING)
    if kept_for is not found:
        values = {}
        _kept = (twinlock(), values)
    return values


def _forget(**_: Any) -> None:
    """Reads anew from here on."""
    global _kept
    _kept = (None, {})


setting_changed.connect(_forget)


def twinlock() -> Mapping[str, Any]:
    """The project's `TWINLOCK`, checked to be a dict."""
    found: Mapping[str, Any] = typed(
        "TWINLOCK", getattr(django_settings, "TWINLOCK", _NOTHING), Mapping, "a dict"
    )
    return found


def typed(name: str, value: Any, kinds: Any, wanted: str) -> Any:
    """The value, if it is of the kinds; a bool is no whole number."""
    if not isinstance(value, kinds) or (kinds is int and isinstance(value, bool)):
        raise ImproperlyConfigured(f"{name} must be {wanted}.")
    return value
