"""What all requests have in common."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings as django_settings
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.settings import api_settings


class Input(serializers.Serializer[Any]):
    """A request's fields, which hold nothing of a request.

    DRF builds all fields anew for each request, since a view might change one, and that takes longer than to
    read the values. `read` uses one object for all: what a field remembers (`lazy_format` keeps the first
    language it meets) does not belong into a field here. Fields are flat and written only, and `validate`
    says what is to be said of several: so there is nothing else to look for.
    """

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The values in a request's data; raises the 400 with what is wrong in each field."""
        kept = _kept(cls, django_settings.AUTH_USER_MODEL)
        if data is None:
            said = kept.error_messages["null"]
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [said]}, "null")
        found: dict[str, Any] = kept.run_validation(data)
        return found

    def to_internal_value(self, data: Any) -> Any:
        """The values by name, without the optional ones that are missing; raises what is wrong with each."""
        of_json = type(data) is dict
        if not of_json and not isinstance(data, Mapping):
            return super().to_internal_value(data)
        found, wrong = {}, {}
        for name, field, judge in self._named:
            given = data.get(name, empty) if of_json else field.get_value(data)
            if given is empty and not field.required:
                if field.default is empty:
                    continue
                if judge is None and not callable(field.default):
                    found[name] = field.default
                    continue
            try:
                value = field.run_validation(given)
                found[name] = value if judge is None else judge(value)
            except serializers.ValidationError as error:
                wrong[name] = error.detail
        if wrong:
            raise serializers.ValidationError(wrong)
        return found

    @cached_property
    def _named(self) -> list[tuple[str, serializers.Field[Any, Any, Any, Any], Any]]:
        """The fields, each with its name and the method that judges it."""
        return [(name, field, getattr(self, f"validate_{name}", None)) for name, field in self.fields.items()]

    def run_validators(self, value: Any) -> None:
        """Has none: DRF would look for defaults of fields that are only read."""


@lru_cache(maxsize=128)
def _kept(kind: type[Input], _user_model: str) -> Input:
    """One object for each class, and for each user model, which may say what a name is called."""
    return kind()
