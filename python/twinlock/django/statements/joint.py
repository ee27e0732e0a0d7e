"""The record and a new row of another table in one commit, on each database in the shortest way that it has.

Whichever it is: both are stored and durable when it returns, or neither is, and the connection is in no
transaction afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import DatabaseError, connections, transaction
from django.db.models import Model

from . import sqlite, texts, values


class Change(NamedTuple):
    """A record's new columns over one version, and the row that comes with it."""

    pk: Any
    expected_version: int
    columns: Mapping[str, Any]
    model: type[Model]
    row: Mapping[str, Any]

    def replacement(self, connection: Any) -> list[Any]:
        """What `texts.replace` has places for."""
        return values.of_replacement(connection, self.pk, self.expected_version, self.columns)

    def new_row(self, connection: Any) -> list[Any]:
        """What `texts.insert` has places for."""
        return values.prepared(connection, self.model, self.row)

    def both(self, connection: Any) -> list[Any]:
        """What a text that does both has places for."""
        return [*self.replacement(connection), *self.new_row(connection)]

    def shape(self) -> tuple[tuple[str, ...], type[Model], tuple[str, ...]]:
        """What the texts depend on."""
        return tuple(self.columns), self.model, tuple(self.row)


def write(alias: str, change: Change) -> bool:
    """Stores both where the version is still the expected one; says whether it did."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        return _by_statement(connection, change)
    if connection.vendor == "sqlite":
        return sqlite.write(connection, change)
    # Inside of a transaction, as of Django's TestCase, another one cannot begin.
    if getattr(connection, "mysql_is_mariadb", False) and not connection.in_atomic_block:
        return _by_compound(connection, change)
    return _by_transaction(connection, change)


def _by_statement(connection: Any, change: Change) -> bool:
    text = texts.replace_and_insert(connection.alias, *change.shape())
    with connection.cursor() as cursor:
        cursor.execute(text, change.both(connection))
        return bool(cursor.rowcount == 1)


def _by_compound(connection: Any, change: Change) -> bool:
    text = texts.compound(connection.vendor, *change.shape())
    try:
        with connection.cursor() as cursor:
            cursor.execute(text, change.both(connection))
    except BaseException as error:
        if isinstance(error, DatabaseError) and texts.OVERTAKEN in str(error):
            return False
        # Had it been cut off before it rolled back, by the database or by whoever ends this request, the next
        # write would be part of its transaction.
        connection.close()
        raise
    return True


def _by_transaction(connection: Any, change: Change) -> bool:
    columns, model, attributes = change.shape()
    with transaction.atomic(using=connection.alias, durable=True), connection.cursor() as cursor:
        cursor.execute(texts.replace(connection.vendor, columns), change.replacement(connection))
        replaced = bool(cursor.rowcount == 1)
        if replaced:
            text = texts.insert(connection.vendor, model, attributes)
            cursor.execute(text, change.new_row(connection))
    return replaced
