"""What `manage.py check` says about where records are, and whether all letters can be stored there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, router
from django.utils.connection import ConnectionDoesNotExist

from ..store import database

FIT_CHARSET = "utf8mb4"
CHARSETS = (
    "SELECT table_name, character_set_name FROM information_schema.columns "
    "WHERE table_schema = DATABASE() AND character_set_name <> %s"
)


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


def check_character_sets(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """W007: a connection or a table of MariaDB or MySQL that cannot hold every letter."""
    try:
        connection = connections[database()]
    except (ImproperlyConfigured, ConnectionDoesNotExist):
        return []
    if connection.vendor != "mysql" or connection.alias not in (databases or ()):
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@character_set_client")
            spoken = str(cursor.fetchone()[0])
            cursor.execute(CHARSETS, [FIT_CHARSET])
            kept = dict(cursor.fetchall())
    except DatabaseError:  # Django tells of a database that cannot be reached
        return []
    ours = [model._meta.db_table for model in apps.get_app_config("twinlock").get_models()]
    tables = ", ".join(f"{table} ({kept[table]})" for table in ours if table in kept)
    found: list[CheckMessage] = []
    if spoken != FIT_CHARSET:
        message = f"The connection's character set is {spoken}: other letters are answered with 503."
        hint = f"Set DATABASES[{connection.alias!r}]['OPTIONS']['charset'] to '{FIT_CHARSET}'."
        found.append(Caution(message, hint=hint, id="twinlock.W007"))
    if tables:
        message = f"These tables cannot hold every letter, and others are answered with 503: {tables}."
        hint = f"Convert them: ALTER TABLE … CONVERT TO CHARACTER SET {FIT_CHARSET}."
        found.append(Caution(message, hint=hint, id="twinlock.W007"))
    return found
