"""Requests of a step-up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from twinlock.django import services

from ..fields import TextField
from .base import Input
from .codes import CHALLENGE_MAX, SENT_CODE_MAX, AnswerInput, one_code

PURPOSE_MAX = 64


class PurposeInput(Input):
    """A purpose to have a code sent for."""

    purpose = TextField(max_length=PURPOSE_MAX)

    def validate_purpose(self, purpose: str) -> str:
        """Refuses what nobody can step up for."""
        if purpose not in services.step_up_purposes():
            raise serializers.ValidationError(_("There is no such purpose."))
        return purpose


class StepUpInput(PurposeInput, AnswerInput):
    """A purpose with exactly one code; a sent one with the challenge that it was sent for."""

    sent_code = TextField(required=False, max_length=SENT_CODE_MAX)
    step_up_challenge_token = TextField(required=False, max_length=CHALLENGE_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses none and several, and a sent code alone."""
        attrs = one_code(attrs)
        if "sent_code" in attrs and "step_up_challenge_token" not in attrs:
            raise serializers.ValidationError(
                {
                    "step_up_challenge_token": [
                        self.fields["step_up_challenge_token"].error_messages["required"]
                    ]
                }
            )
        return attrs
