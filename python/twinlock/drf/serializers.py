"""The fields of the requests, with the contract's names, limits and messages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from rest_framework import serializers

from .fields import PasswordField, TextField

CODE_MAX = 12
BACKUP_CODE_MAX = 64
CHALLENGE_MAX = 2048
"""Our challenge is a JWT with the subject, the first factor's methods and a binding."""
TOKEN_MAX = 8192
USERNAME_MIN = 254
"""A name field takes at least this many characters: the longest e-mail address."""
PASSWORD_MAX = 255


class NoInput(serializers.Serializer[Any]):
    """An endpoint that reads nothing of its body."""


class ConfirmInput(serializers.Serializer[Any]):
    """The first code of a new authenticator."""

    input_code = TextField(max_length=CODE_MAX)


class AnswerInput(serializers.Serializer[Any]):
    """At most one code, of either kind."""

    otp_code = TextField(required=False, max_length=CODE_MAX)
    backup_code = TextField(required=False, max_length=BACKUP_CODE_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses two codes."""
        if "otp_code" in attrs and "backup_code" in attrs:
            raise serializers.ValidationError("Provide only one of otp_code or backup_code, not both.")
        return attrs


class ChallengeInput(AnswerInput):
    """A challenge with exactly one code."""

    totp_challenge_token = TextField(max_length=CHALLENGE_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses none and two."""
        if "otp_code" not in attrs and "backup_code" not in attrs:
            raise serializers.ValidationError("Either otp_code or backup_code is required.")
        return super().validate(attrs)


class LoginInput(serializers.Serializer[Any]):
    """The password, and the name in a field that is called as the user model calls it."""

    password = PasswordField(max_length=PASSWORD_MAX)

    @staticmethod
    def name_field() -> str:
        """The user model's USERNAME_FIELD."""
        return str(get_user_model().USERNAME_FIELD)

    def get_fields(self) -> dict[str, Any]:
        """The name field, made when it is needed: the user model may load later than this module."""
        return {self.name_field(): TextField(max_length=_name_max(self.name_field())), **super().get_fields()}


class RefreshInput(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = TextField(max_length=TOKEN_MAX)


class TokenInput(serializers.Serializer[Any]):
    """An access or refresh token."""

    token = TextField(max_length=TOKEN_MAX)


class RecoveryInput(serializers.Serializer[Any]):
    """An address to send a recovery link to."""

    email = serializers.EmailField()


class RecoveryConfirmInput(serializers.Serializer[Any]):
    """What a recovery link holds, the password, and a backup code where the policy asks for one."""

    uid = TextField()
    token = TextField()
    password = PasswordField(max_length=PASSWORD_MAX)
    backup_code = TextField(required=False, max_length=BACKUP_CODE_MAX)


def _name_max(name: str) -> int:
    try:
        return max(USERNAME_MIN, getattr(get_user_model()._meta.get_field(name), "max_length", None) or 0)
    except FieldDoesNotExist:
        return USERNAME_MIN
