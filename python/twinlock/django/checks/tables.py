"""What `manage.py check --database` says about the tables themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.utils.connection import ConnectionDoesNotExist

from ..store import database

UNFIT_ENGINES = (
    "SELECT t.table_name, t.engine FROM information_schema.tables t "
    "JOIN information_schema.engines e ON e.engine = t.engine "
    "WHERE t.table_schema = DATABASE() AND e.transactions <> 'YES'"
)


def check_table_engines(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """E004: a table of MariaDB or MySQL whose engine knows no transactions, whatever new tables get."""
    try:
        connection = connections[database()]
    except (ImproperlyConfigured, ConnectionDoesNotExist):
        return []
    if connection.vendor != "mysql" or connection.alias not in (databases or ()):
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(UNFIT_ENGINES)
            unfit = dict(cursor.fetchall())
    except DatabaseError:  # Django tells of a database that cannot be reached
        return []
    ours = [model._meta.db_table for model in apps.get_app_config("twinlock").get_models()]
    found = ", ".join(f"{table} ({unfit[table]})" for table in ours if table in unfit)
    if not found:
        return []
    hint = "Convert them: ALTER TABLE … ENGINE = InnoDB."
    return [Error(f"These tables know no transactions: {found}.", hint=hint, id="twinlock.E004")]
