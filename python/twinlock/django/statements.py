"""The statements of a sign-in, by hand: read the user with the record, replace it, begin the session.

The ORM takes several times as long to make such a statement as a database takes to run it, and a sign-in is
little else. Values still go through the model's fields, so every database gets them as from the ORM.
Statements have no space to spare: on SQLite, Django looks for places to fill in at every letter.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connections, models, transaction
from django.db.models import Manager, Model

from .models import SecondFactorRecord

WHOLE = frozenset((models.AutoField, models.BigAutoField, models.IntegerField, models.BigIntegerField))
"""Keys whose whole numbers every driver takes as they are."""
PLAIN = frozenset((models.CharField, models.TextField, models.BooleanField, models.BigIntegerField)) | {
    models.PositiveBigIntegerField,
    models.PositiveSmallIntegerField,
}
"""Fields of ours whose values every driver takes as they are, unlike times, bytes and addresses."""

_thread = threading.local()


def load(alias: str, pk: Any) -> tuple[bytes, int] | None:
    """The record and its version in the row of that key."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_load(connection.vendor), _prepared(connection, SecondFactorRecord, {"user_id": pk}))
        rows = list(cursor)
    return (bytes(rows[0][0]), rows[0][1]) if rows else None


def replace(alias: str, pk: Any, expected_version: int, values: Mapping[str, Any]) -> bool:
    """Writes the columns where the version is still the expected one; says whether it did."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        return _replaced(connection, cursor, pk, expected_version, values)


def insert(alias: str, model: type[Model], row: Mapping[str, Any]) -> None:
    """Stores a new row of a model of ours; `row` has the values by the model's attributes."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        _inserted(connection, cursor, model, row)


def replace_and_insert(
    alias: str,
    pk: Any,
    expected_version: int,
    values: Mapping[str, Any],
    model: type[Model],
    row: Mapping[str, Any],
) -> bool:
    """As `replace`; stores the new row, too, where it did, and only there.

    One statement of PostgreSQL's, which is durable when it returns; elsewhere a durable transaction.
    """
    connection = connections[alias]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                _replace_and_insert(alias, tuple(values), model, tuple(row)),
                [*_changes(connection, pk, expected_version, values), *_prepared(connection, model, row)],
            )
            return bool(cursor.rowcount == 1)
    with transaction.atomic(using=alias, durable=True), connection.cursor() as cursor:
        replaced = _replaced(connection, cursor, pk, expected_version, values)
        if replaced:
            _inserted(connection, cursor, model, row)
    return replaced


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
        cursor.execute(_join(connection.vendor, model), named)
        rows = list(cursor)
    if not rows:
        return None
    *values, record, version = rows[0]
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


def _replaced(
    connection: Any, cursor: Any, pk: Any, expected_version: int, values: Mapping[str, Any]
) -> bool:
    cursor.execute(
        _replace(connection.vendor, tuple(values)), _changes(connection, pk, expected_version, values)
    )
    return bool(cursor.rowcount == 1)


def _inserted(connection: Any, cursor: Any, model: type[Model], row: Mapping[str, Any]) -> None:
    cursor.execute(_insert(connection.vendor, model, tuple(row)), _prepared(connection, model, row))


def _changes(connection: Any, pk: Any, expected_version: int, values: Mapping[str, Any]) -> list[Any]:
    prepared = _prepared(connection, SecondFactorRecord, {**values, "user_id": pk})
    return [*prepared, expected_version]


@lru_cache(maxsize=16)
def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@lru_cache(maxsize=16)
def _load(vendor: str) -> str:
    names = _quoter(vendor)
    record, version, user = (names(_column(name)) for name in ("record", "version", "user_id"))
    return f"SELECT {record}, {version} FROM {names(_table())} WHERE {user} = %s"  # noqa: S608


@lru_cache(maxsize=16)
def _replace(vendor: str, columns: tuple[str, ...]) -> str:
    names = _quoter(vendor)
    changes = ",".join(f"{names(_column(name))}=%s" for name in columns)
    user, version = names(_column("user_id")), names(_column("version"))
    return f"UPDATE {names(_table())} SET {changes} WHERE {user} = %s AND {version} = %s"  # noqa: S608


@lru_cache(maxsize=16)
def _insert(vendor: str, model: type[Model], attributes: tuple[str, ...]) -> str:
    places = ",".join(["%s"] * len(attributes))
    return f"{_into(vendor, model, attributes)} VALUES ({places})"


@lru_cache(maxsize=16)
def _replace_and_insert(
    alias: str, columns: tuple[str, ...], model: type[Model], attributes: tuple[str, ...]
) -> str:
    connection = connections[alias]
    # A column of a SELECT has no type to take from the table that it goes into.
    places = ", ".join(f"%s::{_field(model, name).db_type(connection)}" for name in attributes)
    return (
        f"WITH replaced AS ({_replace(connection.vendor, columns)} RETURNING 1) "  # noqa: S608
        f"{_into(connection.vendor, model, attributes)} SELECT {places} FROM replaced"
    )


def _into(vendor: str, model: type[Model], attributes: tuple[str, ...]) -> str:
    names = _quoter(vendor)
    columns = ",".join(names(_field(model, name).column) for name in attributes)
    return f"INSERT INTO {names(model._meta.db_table)} ({columns})"


@lru_cache(maxsize=16)
def _join(vendor: str, model: Any) -> str:
    names = _quoter(vendor)
    columns = ", ".join(f"u.{names(field.column)}" for field in model._meta.concrete_fields)
    own = ", ".join(f"r.{names(_column(name))}" for name in ("record", "version"))
    pk = names(model._meta.pk.column)
    return (
        f"SELECT {columns}, {own} FROM {names(model._meta.db_table)} u "  # noqa: S608
        f"LEFT JOIN {names(_table())} r ON r.{names(_column('user_id'))} = u.{pk} WHERE u.{pk} = %(pk)s"
    )


def _quoter(vendor: str) -> Any:
    return next(found.ops.quote_name for found in connections.all() if found.vendor == vendor)


def _table() -> str:
    return str(SecondFactorRecord._meta.db_table)


def _column(name: str) -> str:
    return str(_field(SecondFactorRecord, name).column)


def _prepared(connection: Any, model: type[Model], values: Mapping[str, Any]) -> list[Any]:
    """The values, by the attributes of a model of ours, as the driver takes them."""
    prepared = list(values.values())
    moment = adapted = None  # several columns may hold one moment
    for place, field, plain in _to_prepare(model, tuple(values)):
        value = prepared[place]
        kind = type(value)
        if kind is datetime:  # aware or not as USE_TZ has it: `store.when` and `timezone.now` see to that
            if value is not moment:
                moment, adapted = value, connection.ops.adapt_datetimefield_value(value)
            prepared[place] = adapted
        elif value is not None and kind is not plain:
            prepared[place] = field.get_db_prep_save(value, connection)
    return prepared


@lru_cache(maxsize=16)
def _to_prepare(model: type[Model], attributes: tuple[str, ...]) -> list[tuple[int, Any, type | None]]:
    """Places and fields of the attributes that are not plain, and the kind of value that is plain there."""
    found: list[tuple[int, Any, type | None]] = []
    for place, name in enumerate(attributes):
        field = _field(model, name)
        if type(field) not in PLAIN:
            key = type(getattr(field, "target_field", None))
            found.append((place, field, int if key in WHOLE else None))
    return found


@lru_cache(maxsize=64)
def _field(model: type[Model], attribute: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == attribute)
