"""The statements of a sign-in, by hand: read the user with the record, replace it, begin the session.

The ORM takes several times as long to make such a statement as a database takes to run it, and a sign-in is
little else. Values still go through the model's fields, so every database gets them as from the ORM.
"""

from __future__ import annotations

import threading
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import CharField, Manager, Model, TextField

from .models import SecondFactorRecord

TEXTS = frozenset((CharField, TextField))
"""Fields whose texts every driver takes as they are. Addresses, for one, are a type of PostgreSQL's own."""

_thread = threading.local()


def load(alias: str, pk: Any) -> tuple[bytes, int] | None:
    """The record and its version in the row of that key."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_load(connection.vendor), [_prepared(_field("user"), pk, connection)])
        row = cursor.fetchone()
    return None if row is None else (bytes(row[0]), row[1])


def replace(alias: str, pk: Any, expected_version: int, values: dict[str, Any]) -> bool:
    """Writes the columns where the version is still the expected one; says whether it did."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(
            _replace(connection.vendor, tuple(values)), _changes(connection, pk, expected_version, values)
        )
        return bool(cursor.rowcount == 1)


def insert(alias: str, row: Model) -> None:
    """Stores a new row of a model of ours, whose every value is there."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_insert(connection.vendor, type(row)), _values(connection, row))


def can_replace_and_insert(alias: str) -> bool:
    """Whether the database takes both in one statement."""
    return connections[alias].vendor == "postgresql"


def replace_and_insert(
    alias: str, pk: Any, expected_version: int, values: dict[str, Any], row: Model
) -> bool:
    """As `replace`; stores the new row, too, where it did, and only there. One statement of PostgreSQL's."""
    connection = connections[alias]
    changes = _changes(connection, pk, expected_version, values)
    with connection.cursor() as cursor:
        cursor.execute(
            _replace_and_insert(alias, tuple(values), type(row)), [*changes, *_values(connection, row)]
        )
        return bool(cursor.rowcount == 1)


def can_join(model: Any) -> bool:
    """Whether a user can be read by a statement of ours: one table, and a manager that hides nobody."""
    manager = type(model._default_manager)
    return not model._meta.parents and manager.get_queryset is Manager.get_queryset


def user_with_record(alias: str, model: Any, pk: Any) -> tuple[Any, tuple[bytes, int] | None] | None:
    """The user of that key, and the record and its version where there is one."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_join(connection.vendor, model), [model._meta.pk.get_db_prep_value(pk, connection)])
        row = cursor.fetchone()
    if row is None:
        return None
    *values, record, version = row
    for place, converters, expression in _conversions(connection, model):
        for convert in converters:
            values[place] = convert(values[place], expression, connection)
    user = model.from_db(alias, _names(model), values)
    return user, None if version is None else (bytes(record), version)


def _conversions(connection: Any, model: Any) -> list[tuple[int, list[Any], Any]]:
    """What turns a database's values into the model's: of the backend and of the fields, kept by thread."""
    kept = vars(_thread).setdefault("conversions", {})
    known = kept.get((connection.alias, model))
    if known is not None and known[0] is connection:
        found: list[tuple[int, list[Any], Any]] = known[1]
        return found
    columns = [field.get_col(model._meta.db_table) for field in model._meta.concrete_fields]
    both = [connection.ops.get_db_converters(col) + col.get_db_converters(connection) for col in columns]
    found = [(place, both[place], columns[place]) for place in range(len(columns)) if both[place]]
    kept[connection.alias, model] = (connection, found)
    return found


def _changes(connection: Any, pk: Any, expected_version: int, values: dict[str, Any]) -> list[Any]:
    prepared = [_prepared(_field(name), value, connection) for name, value in values.items()]
    return [*prepared, _prepared(_field("user"), pk, connection), expected_version]


def _values(connection: Any, row: Model) -> list[Any]:
    fields = row._meta.concrete_fields
    return [_prepared(field, getattr(row, field.attname), connection) for field in fields]


@lru_cache(maxsize=16)
def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@lru_cache(maxsize=16)
def _load(vendor: str) -> str:
    names = _quoter(vendor)
    record, version, user = (names(_column(name)) for name in ("record", "version", "user"))
    return f"SELECT {record}, {version} FROM {names(_table())} WHERE {user} = %s"  # noqa: S608


@lru_cache(maxsize=16)
def _replace(vendor: str, columns: tuple[str, ...]) -> str:
    names = _quoter(vendor)
    changes = ", ".join(f"{names(_column(name))} = %s" for name in columns)
    user, version = names(_column("user")), names(_column("version"))
    return f"UPDATE {names(_table())} SET {changes} WHERE {user} = %s AND {version} = %s"  # noqa: S608


@lru_cache(maxsize=16)
def _insert(vendor: str, model: type[Model]) -> str:
    places = ", ".join(["%s"] * len(model._meta.concrete_fields))
    return f"{_into(vendor, model)} VALUES ({places})"


@lru_cache(maxsize=16)
def _replace_and_insert(alias: str, columns: tuple[str, ...], model: type[Model]) -> str:
    connection = connections[alias]
    # A column of a SELECT has no type to take from the table that it goes into.
    places = ", ".join(f"%s::{field.db_type(connection)}" for field in model._meta.concrete_fields)
    return (
        f"WITH replaced AS ({_replace(connection.vendor, columns)} RETURNING 1) "  # noqa: S608
        f"{_into(connection.vendor, model)} SELECT {places} FROM replaced"
    )


def _into(vendor: str, model: type[Model]) -> str:
    names = _quoter(vendor)
    columns = ", ".join(names(field.column) for field in model._meta.concrete_fields)
    return f"INSERT INTO {names(model._meta.db_table)} ({columns})"


@lru_cache(maxsize=16)
def _join(vendor: str, model: Any) -> str:
    names = _quoter(vendor)
    columns = ", ".join(f"u.{names(field.column)}" for field in model._meta.concrete_fields)
    own = ", ".join(f"r.{names(_column(name))}" for name in ("record", "version"))
    pk = names(model._meta.pk.column)
    return (
        f"SELECT {columns}, {own} FROM {names(model._meta.db_table)} u "  # noqa: S608
        f"LEFT JOIN {names(_table())} r ON r.{names(_column('user'))} = u.{pk} WHERE u.{pk} = %s"
    )


def _quoter(vendor: str) -> Any:
    return next(found.ops.quote_name for found in connections.all() if found.vendor == vendor)


def _table() -> str:
    return str(SecondFactorRecord._meta.db_table)


def _column(name: str) -> str:
    return str(_field(name).column)


def _prepared(field: Any, value: Any, connection: Any) -> Any:
    """The value as the driver takes it: whole numbers, truth values and most texts as they are."""
    kind = type(value)
    if value is None or kind is int or kind is bool or (kind is str and type(field) in TEXTS):
        return value
    if kind is datetime:  # aware or not as USE_TZ has it: `store.when` and `timezone.now` see to that
        return connection.ops.adapt_datetimefield_value(value)
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=64)
def _field(name: str) -> Any:
    return SecondFactorRecord._meta.get_field(name)
