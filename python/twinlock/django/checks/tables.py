"""What `manage.py check --database` says about the tables themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.utils.connection import ConnectionDoesNotExist

from ..store import database

UNFIT_ENGINES = (
    "SELECT t.table_name, t.engine FROM information_schema.tables t "
    "JOIN information_schema.engines e ON e.engine = t.engine "
    "WHERE t.table_schema = DATABASE() AND e.transactions <> 'YES'"
)
FIT_CHARSET = "utf8mb4"
CHARSET_SPOKEN = "SELECT @@character_set_client, ''"
UNFIT_CHARSETS = (
    "SELECT table_name, character_set_name FROM information_schema.columns "
    "WHERE table_schema = DATABASE() AND character_set_name <> 'utf8mb4'"
)


def check_table_engines(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """E004: a table of MariaDB or MySQL whose engine knows no transactions, whatever new tables get."""
    found = _ours(_asked(UNFIT_ENGINES, databases))
    if not found:
        return []
    hint = "Convert them: ALTER TABLE … ENGINE = InnoDB."
    return [Error(f"These tables know no transactions: {found}.", hint=hint, id="twinlock.E004")]


def check_character_sets(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """W007: a connection or a table of MariaDB or MySQL that cannot hold every letter."""
    found: list[CheckMessage] = []
    for spoken in set(_asked(CHARSET_SPOKEN, databases)) - {FIT_CHARSET}:
        message = f"The connection's character set is {spoken}: other letters are answered with 503."
        hint = f"Set DATABASES[{database()!r}]['OPTIONS']['charset'] to '{FIT_CHARSET}'."
        found.append(Caution(message, hint=hint, id="twinlock.W007"))
    tables = _ours(_asked(UNFIT_CHARSETS, databases))
    if tables:
        message = f"These tables cannot hold every letter, and others are answered with 503: {tables}."
        hint = f"Convert them: ALTER TABLE … CONVERT TO CHARACTER SET {FIT_CHARSET}."
        found.append(Caution(message, hint=hint, id="twinlock.W007"))
    return found


def _asked(question: str, databases: Sequence[str] | None) -> dict[str, str]:
    """The rows of two columns that MariaDB or MySQL answers with; none from another database."""
    try:
        connection = connections[database()]
    except (ImproperlyConfigured, ConnectionDoesNotExist):
        return {}
    if connection.vendor != "mysql" or connection.alias not in (databases or ()):
        return {}
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return dict(cursor.fetchall())
    except DatabaseError:  # Django tells of a database that cannot be reached
        return {}


def _ours(found: dict[str, str]) -> str:
    """Those of the tables that are ours, each with what was found."""
    ours = [model._meta.db_table for model in apps.get_app_config("twinlock").get_models()]
    return ", ".join(f"{table} ({found[table]})" for table in ours if table in found)
