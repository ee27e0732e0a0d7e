"""Fields that take text and nothing that merely converts to text."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator


class _NoSurrogates(ProhibitSurrogateCharactersValidator):
    """DRF's validator, which looks at every character, for the texts that can hold a lone surrogate."""

    def __call__(self, value: Any) -> None:
        if not (isinstance(value, str) and value.isascii()):
            super().__call__(value)


class TextField(serializers.CharField):
    """Text; a whole number counts as its digits, as clients send codes both ways.

    Floats, booleans and lists are no text. CharField's validators refuse NUL and lone surrogates.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        slow = ProhibitSurrogateCharactersValidator
        self.validators = [_NoSurrogates() if type(found) is slow else found for found in self.validators]

    def to_internal_value(self, data: Any) -> str:
        """The text; raises `invalid` for what is none."""
        if isinstance(data, bool) or not isinstance(data, (str, int)):
            self.fail("invalid")
        return super().to_internal_value(str(data))


class PasswordField(TextField):
    """A password, with its outer spaces: they are part of it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        kwargs.setdefault("style", {"input_type": "password"})
        super().__init__(**kwargs)
