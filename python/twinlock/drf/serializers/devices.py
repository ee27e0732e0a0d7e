"""Requests about devices, and about how the user is asked."""

from __future__ import annotations

from typing import Any

from ..fields import NameField, TextField, WholeField, WordField
from .base import Input
from .codes import CODE_MAX, NAME_MAX, AnswerInput


class NamedInput(Input):
    """A device to set up, by the name that its user finds it by."""

    name = NameField(required=False, max_length=NAME_MAX)


class FirstDeviceInput(NamedInput):
    """The first device. Clients of django-totp send nothing, or a JSON null, which says as much."""

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """The name, if there is one."""
        return super().read({} if data is None else data)


class DeviceInput(NamedInput, AnswerInput):
    """A device to add, with a code unless a step-up answers. What is left out is the policy's to say."""

    kind = WordField(required=False, words=("totp", "hotp", "steam"))
    algorithm = WordField(required=False, words=("SHA1", "SHA256", "SHA512"))
    digits = WholeField(required=False)
    period = WholeField(required=False)


class RenameInput(Input):
    """A device's new name."""

    name = NameField(max_length=NAME_MAX)


class ResyncInput(Input):
    """Two codes that a counter device showed one after the other."""

    first_code = TextField(max_length=CODE_MAX)
    second_code = TextField(max_length=CODE_MAX)


class MethodInput(AnswerInput):
    """How the user wants to be asked, with a code unless a step-up answers."""

    method = WordField(words=("otp", "sent", "off"))
