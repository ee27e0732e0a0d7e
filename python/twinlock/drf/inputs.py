"""What requests bring for the services: codes, and values that only the core can judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework.exceptions import ValidationError

from twinlock.django.refusal_texts import sentence
from twinlock.errors import ArgumentFault

CODES = ("otp", "backup", "sent")
FIELDS = {"digits_invalid": "digits", "period_invalid": "period"}


def code_in(fields: Mapping[str, Any]) -> dict[str, str]:
    """The code among the request's fields, by its kind."""
    return {kind: fields[f"{kind}_code"] for kind in CODES if f"{kind}_code" in fields}


@contextmanager
def field_errors(names: Mapping[str, Any]) -> Iterator[None]:
    """A value that the core cannot take is an error of the field that it came in."""
    try:
        yield
    except ArgumentFault as fault:
        field = FIELDS.get(fault.code, fault.about) or ""
        if field not in names:
            raise
        raise ValidationError({field: [sentence(fault)]}) from None
