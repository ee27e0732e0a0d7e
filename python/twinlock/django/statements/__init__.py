"""The statements of a sign-in, by hand: read the user with the record, replace it, begin the session.

The ORM takes several times as long to make such a statement as a database takes to run it, and a sign-in is
little else. Values still go through the model's fields, so every database gets them as from the ORM.
Statements have no space to spare: on SQLite, Django looks for places to fill in at every letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections
from django.db.models import Manager, Model

from ..models import SecondFactorRecord
from . import joint, texts
from .values import conversions, names, of_replacement, prepared


def load(alias: str, pk: Any) -> tuple[bytes, int] | None:
    """The record and its version in the row of that key."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(
            texts.load(connection.vendor), prepared(connection, SecondFactorRecord, {"user_id": pk})
        )
        rows = list(cursor)
    return (bytes(rows[0][0]), rows[0][1]) if rows else None


def replace(alias: str, pk: Any, expected_version: int, values: Mapping[str, Any]) -> bool:
    """Writes the columns where the version is still the expected one; says whether it did."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        text = texts.replace(connection.vendor, tuple(values))
        cursor.execute(text, of_replacement(connection, pk, expected_version, values))
        return bool(cursor.rowcount == 1)


def insert(alias: str, model: type[Model], row: Mapping[str, Any]) -> None:
    """Stores a new row of a model of ours; `row` has the values by the model's attributes."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(texts.insert(connection.vendor, model, tuple(row)), prepared(connection, model, row))


def replace_and_insert(
    alias: str,
    pk: Any,
    expected_version: int,
    values: Mapping[str, Any],
    model: type[Model],
    row: Mapping[str, Any],
) -> bool:
    """As `replace`; stores the new row, too, where it did, and only there.

    One statement on PostgreSQL, MariaDB and SQLite, durable when it returns; elsewhere a durable transaction.
    """
    return joint.write(alias, joint.Change(pk, expected_version, values, model, row))


def can_join(model: Any) -> bool:
    """Whether a user can be read by a statement of ours: one table, and a manager that hides nobody."""
    manager = type(model._default_manager)
    return not model._meta.parents and manager.get_queryset is Manager.get_queryset


def user_with_record(alias: str, model: Any, pk: Any) -> tuple[Any, tuple[bytes, int] | None] | None:
    """The user of that key, and the record and its version where there is one."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        # By name: Django's search for places to number takes longer the longer a statement of SQLite's is.
        named = {"pk": model._meta.pk.get_db_prep_value(pk, connection)}
        cursor.execute(texts.join(connection.vendor, model), named)
        rows = list(cursor)
    if not rows:
        return None
    *values, record, version = rows[0]
    for place, converters, expression in conversions(connection, model):
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    user = model.from_db(alias, names(model), values)
    return user, None if version is None else (bytes(record), version)
