"""Requests of a recovery by mail."""

from __future__ import annotations

from rest_framework import serializers

from ..fields import PasswordField, TextField
from .base import Input
from .codes import BACKUP_CODE_MAX
from .sign_in import PASSWORD_MAX


class RecoveryInput(Input):
    """An address to send a recovery link to."""

    email = serializers.EmailField()


class RecoveryConfirmInput(Input):
    """What a recovery link holds, the password, and a backup code where the policy asks for one."""

    uid = TextField()
    token = TextField()
    password = PasswordField(max_length=PASSWORD_MAX)
    backup_code = TextField(required=False, max_length=BACKUP_CODE_MAX)
