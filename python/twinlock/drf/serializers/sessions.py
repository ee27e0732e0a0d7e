"""Requests that begin a session."""

from __future__ import annotations

from twinlock.django.client import LABEL_MAX

from ..fields import TextField
from .base import Input


class SessionInput(Input):
    """What the client calls itself, to be found in the list of sessions."""

    device = TextField(required=False, allow_blank=True, max_length=LABEL_MAX)
