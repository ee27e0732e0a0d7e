"""Requests that bring a token."""

from __future__ import annotations

from ..fields import TextField
from .base import Input

TOKEN_MAX = 8192


class RefreshInput(Input):
    """A refresh token."""

    refresh = TextField(max_length=TOKEN_MAX)


class LogoutInput(Input):
    """A refresh token, unless the caller shows an access token."""

    refresh = TextField(required=False, max_length=TOKEN_MAX)


class TokenInput(Input):
    """A token of any kind."""

    token = TextField(max_length=TOKEN_MAX)
