"""Requests that bring a token."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ..fields import TextField

TOKEN_MAX = 8192


class RefreshInput(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = TextField(max_length=TOKEN_MAX)


class LogoutInput(serializers.Serializer[Any]):
    """A refresh token, unless the caller shows an access token."""

    refresh = TextField(required=False, max_length=TOKEN_MAX)


class TokenInput(serializers.Serializer[Any]):
    """A token of any kind."""

    token = TextField(max_length=TOKEN_MAX)
