"""Requests that bring a code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from ..fields import TextField
from .base import Input
from .sessions import SessionInput

CODE_MAX = 12
BACKUP_CODE_MAX = 64
NAME_MAX = 64
SENT_CODE_MAX = 32
"""Twelve characters, and what people put between them."""
CHALLENGE_MAX = 2048
"""Our challenge is a JWT with the subject, the first factor's methods and a binding."""


class NoInput(Input):
    """An endpoint that reads nothing of its body."""


class ConfirmInput(SessionInput):
    """The first code of a new authenticator; the answer begins a session."""

    input_code = TextField(max_length=CODE_MAX)


class AnswerInput(Input):
    """At most one code, of either kind."""

    otp_code = TextField(required=False, max_length=CODE_MAX)
    backup_code = TextField(required=False, max_length=BACKUP_CODE_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses two codes."""
        return one_at_most(attrs)


def one_at_most(attrs: dict[str, Any]) -> dict[str, Any]:
    """Refuses two codes."""
    if "otp_code" in attrs and "backup_code" in attrs:
        raise serializers.ValidationError(_("Provide only one of otp_code or backup_code, not both."))
    return attrs


def with_a_code(attrs: dict[str, Any]) -> dict[str, Any]:
    """Refuses none, for the requests that need one."""
    if "otp_code" not in attrs and "backup_code" not in attrs:
        raise serializers.ValidationError(_("Either otp_code or backup_code is required."))
    return attrs


def one_code(attrs: dict[str, Any]) -> dict[str, Any]:
    """Refuses none and several, for the requests that take a sent one, too."""
    if "sent_code" not in attrs:
        return one_at_most(with_a_code(attrs))
    if "otp_code" in attrs or "backup_code" in attrs:
        raise serializers.ValidationError(_("Provide only one of otp_code, backup_code and sent_code."))
    return attrs
