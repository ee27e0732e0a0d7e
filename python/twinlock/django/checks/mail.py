"""What `manage.py check` says about mails."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from ..conf import settings
from .enforcement import is_callable


def check_mails(**_: Any) -> list[CheckMessage]:
    """E009: what mails go through cannot be imported, so every mail would fail."""
    try:
        paths = {"MAIL_SENDER": settings.MAIL_SENDER, "USER_LANGUAGE": settings.USER_LANGUAGE}
    except ImproperlyConfigured:
        return []
    return [
        Error(
            f"TWINLOCK['{name}'] is not the dotted path of a callable that can be imported.",
            hint="Name a callable of yours, or leave the setting out.",
            id="twinlock.E009",
        )
        for name, path in paths.items()
        if path is not None and not is_callable(path)
    ]
