"""The texts of the statements, which depend on the database and on the columns alone: each is made once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import Model

from ..models import SecondFactorRecord
from .values import field_of

OVERTAKEN = "twinlock: another request was first"
"""What a statement of MariaDB's or SQLite's says where the version is another one."""


@lru_cache(maxsize=16)
def load(vendor: str) -> str:
    """Reads a record and its version."""
    names = _quoter(vendor)
    record, version, user = (names(_column(name)) for name in ("record", "version", "user_id"))
    return f"SELECT {record}, {version} FROM {names(_table())} WHERE {user} = %s"  # noqa: S608


@lru_cache(maxsize=16)
def replace(vendor: str, columns: tuple[str, ...]) -> str:
    """Writes a record's columns over one version."""
    names = _quoter(vendor)
    changes = ",".join(f"{names(_column(name))}=%s" for name in columns)
    user, version = names(_column("user_id")), names(_column("version"))
    return f"UPDATE {names(_table())} SET {changes} WHERE {user} = %s AND {version} = %s"  # noqa: S608


@lru_cache(maxsize=16)
def insert(vendor: str, model: type[Model], attributes: tuple[str, ...]) -> str:
    """Stores a new row of a model of ours."""
    places = ",".join(["%s"] * len(attributes))
    return f"{_into(vendor, model, attributes)} VALUES ({places})"


@lru_cache(maxsize=16)
def replace_and_insert(
    alias: str, columns: tuple[str, ...], model: type[Model], attributes: tuple[str, ...]
) -> str:
    """Both in one statement of PostgreSQL's."""
    connection = connections[alias]
    # A column of a SELECT has no type to take from the table that it goes into.
    places = ", ".join(f"%s::{field_of(model, name).db_type(connection)}" for name in attributes)
    return (
        f"WITH replaced AS ({replace(connection.vendor, columns)} RETURNING 1) "  # noqa: S608
        f"{_into(connection.vendor, model, attributes)} SELECT {places} FROM replaced"
    )


@lru_cache(maxsize=16)
def compound(vendor: str, columns: tuple[str, ...], model: type[Model], attributes: tuple[str, ...]) -> str:
    """Both in one compound statement of MariaDB's, with a transaction of its own."""
    return (
        "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; "
        f"START TRANSACTION; {replace(vendor, columns)}; "
        f"IF ROW_COUNT() <> 1 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{OVERTAKEN}'; END IF; "
        f"{insert(vendor, model, attributes)}; COMMIT; END"
    )


def _into(vendor: str, model: type[Model], attributes: tuple[str, ...]) -> str:
    names = _quoter(vendor)
    columns = ",".join(names(field_of(model, name).column) for name in attributes)
    return f"INSERT INTO {names(model._meta.db_table)} ({columns})"


@lru_cache(maxsize=16)
def join(vendor: str, model: Any) -> str:
    """Reads a user, by all columns of the model, and the record and its version beside."""
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
    return str(field_of(SecondFactorRecord, name).column)
