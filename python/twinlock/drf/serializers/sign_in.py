"""Requests of a sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist

from ..fields import PasswordField, StrictBooleanField, TextField
from .base import Input
from .codes import CHALLENGE_MAX, NAME_MAX, SENT_CODE_MAX, AnswerInput, one_code
from .sessions import SessionInput

USERNAME_MIN = 254
"""A name field takes at least this many characters: the longest e-mail address."""
PASSWORD_MAX = 255


class SendInput(Input):
    """A challenge to send a code for."""

    totp_challenge_token = TextField(max_length=CHALLENGE_MAX)


class ChallengeInput(AnswerInput, SessionInput):
    """A challenge with exactly one code, and whether to trust the device from here on."""

    totp_challenge_token = TextField(max_length=CHALLENGE_MAX)
    sent_code = TextField(required=False, max_length=SENT_CODE_MAX)
    trust_device = StrictBooleanField(required=False, default=False)
    device_name = TextField(required=False, allow_blank=True, max_length=NAME_MAX, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses none and several."""
        return one_code(attrs)


class LoginInput(SessionInput):
    """The password, and the name in a field that is called as the user model calls it."""

    password = PasswordField(max_length=PASSWORD_MAX)

    @staticmethod
    def name_field() -> str:
        """The user model's USERNAME_FIELD."""
        model: Any = get_user_model()
        return str(model.USERNAME_FIELD)

    def get_fields(self) -> dict[str, Any]:
        """The name field, made when it is needed: the user model may load later than this module."""
        return {self.name_field(): TextField(max_length=_name_max(self.name_field())), **super().get_fields()}


def _name_max(name: str) -> int:
    try:
        return max(USERNAME_MIN, getattr(get_user_model()._meta.get_field(name), "max_length", None) or 0)
    except FieldDoesNotExist:
        return USERNAME_MIN
