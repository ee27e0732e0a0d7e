"""The one way in which the site sends mail."""

from typing import Any

import django


def mailer(backend: str, **options: str) -> dict[str, Any]:
    """The settings for one of Django's own backends; from Django 6.1 on they are a dict of mailers."""
    path = f"django.core.mail.backends.{backend}.EmailBackend"
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": path, "OPTIONS": options}}}
    return {"EMAIL_BACKEND": path} | {f"EMAIL_{name.upper()}": value for name, value in options.items()}
