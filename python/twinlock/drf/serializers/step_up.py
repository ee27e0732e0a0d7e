"""Requests of a step-up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from twinlock.django import services

from ..fields import TextField
from .codes import AnswerInput

PURPOSE_MAX = 64


class StepUpInput(AnswerInput):
    """A purpose with exactly one code."""

    purpose = TextField(max_length=PURPOSE_MAX)

    def validate_purpose(self, purpose: str) -> str:
        """Refuses what nobody can step up for."""
        if purpose not in services.step_up_purposes():
            raise serializers.ValidationError(_("There is no such purpose."))
        return purpose

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses none and two."""
        return super().validate(self.with_a_code(attrs))
