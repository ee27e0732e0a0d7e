"""What all requests have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from rest_framework import serializers
from rest_framework.settings import api_settings


class Input(serializers.Serializer[Any]):
    """A request's fields, which hold nothing of a request.

    DRF builds all fields anew for each request, since a view might change one, and that takes longer than to
    read the values. `read` uses one object for all: what a field remembers (`lazy_format` keeps the first
    language it meets) does not belong into a field here.
    """

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The values in a request's data; raises the 400 with what is wrong in each field."""
        if data is None:
            said = _kept(cls, get_user_model()).error_messages["null"]
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [said]}, "null")
        found: dict[str, Any] = _kept(cls, get_user_model()).run_validation(data)
        return found


@lru_cache(maxsize=128)
def _kept(kind: type[Input], _user_model: Any) -> Input:
    """One object for each class, and for each user model, which may say what a name is called."""
    return kind()
