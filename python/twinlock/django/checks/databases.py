"""What `manage.py check` says about where records are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router

from ..store import database


def check_users_database(**_: Any) -> list[CheckMessage]:
    """E010: records in another database than the users that they refer to. W018: on another server."""
    try:
        ours, theirs = database(), router.db_for_write(get_user_model())
        places = [connections.settings[alias] for alias in (ours, theirs)]
    except (ImproperlyConfigured, KeyError):
        return []
    apart = [
        name for name in ("ENGINE", "NAME", "HOST", "PORT") if str(places[0][name]) != str(places[1][name])
    ]
    if not apart:
        return []
    hint = (
        "Rows of Twinlock refer to users by foreign key. Leave TWINLOCK['DATABASE'] out, or let it and the "
        "routers' db_for_write name the users' database, by whichever alias."
    )
    message = f"Second factors are written to {ours!r} and users to {theirs!r}, "
    if "ENGINE" in apart or "NAME" in apart:
        return [Error(message + "which is another database.", hint=hint, id="twinlock.E010")]
    message += "on another server or port: it must be the same database, such as past its pooler."
    return [Caution(message, hint=hint, id="twinlock.W018")]
