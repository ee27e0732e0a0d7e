"""Fields that take what they are for and nothing that merely converts to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator


class TextField(serializers.CharField):
    """Text; a whole number counts as its digits, as clients send codes both ways.

    Floats, booleans and lists are no text; NUL and lone surrogates are refused. CharField's own message about
    the length keeps the language that asked first, and fields here are shared by all requests.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [ProhibitNullCharactersValidator(), ProhibitSurrogateCharactersValidator()]
        if self.max_length is not None:
            message = format_lazy(self.error_messages["max_length"], max_length=self.max_length)
            self.validators.insert(0, MaxLengthValidator(self.max_length, message=message))

    def to_internal_value(self, data: Any) -> str:
        """The text; raises `invalid` for what is none."""
        if isinstance(data, bool) or not isinstance(data, (str, int)):
            self.fail("invalid")
        return super().to_internal_value(str(data))

    def run_validators(self, value: str) -> None:
        """Lets the validators judge what one of them could refuse: most texts are short, and plain ASCII."""
        long = self.max_length is not None and len(value) > self.max_length
        if long or not value.isascii() or "\0" in value:
            super().run_validators(value)


class PasswordField(TextField):
    """A password, with its outer spaces: they are part of it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        kwargs.setdefault("style", {"input_type": "password"})
        super().__init__(**kwargs)


class WordField(TextField):
    """One of a few words."""

    def __init__(self, *, words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = tuple(words)
        self.error_messages["unknown"] = _("Must be one of: {words}.")

    def to_internal_value(self, data: Any) -> str:
        """The word; raises `unknown` for any other text, which is not in the message."""
        word = super().to_internal_value(data)
        if word not in self.words:
            self.fail("unknown", words=", ".join(self.words))
        return word


class NameField(TextField):
    """The name of a device, with its outer spaces, for the core to judge."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)


class WholeField(serializers.IntegerField):
    """A whole number, or its digits; neither a float nor a boolean."""

    def to_internal_value(self, data: Any) -> int:
        """The number; raises `invalid` for what is none."""
        if isinstance(data, bool) or not isinstance(data, (str, int)):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class StrictBooleanField(serializers.BooleanField):
    """True or false, in JSON or as the words that a form sends."""

    def to_internal_value(self, data: Any) -> bool:
        """The truth value; raises `invalid` for what is none."""
        if not isinstance(data, (bool, str)):
            self.fail("invalid", input=data)
        return bool(super().to_internal_value(data))
