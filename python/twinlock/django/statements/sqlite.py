"""The record and a new row in one statement of SQLite's: an INSERT into a view, whose trigger writes both.

View and trigger are temporary: they belong to a connection, which makes them when it first needs them, and
nothing of them is in the database's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import IntegrityError, OperationalError, connections
from django.db.models import Model

from . import texts

if TYPE_CHECKING:
    from .joint import Change

PREFIX = "twinlock_sign_in_"
"""How the names of the views begin."""

_numbers = count(1)


class Texts(NamedTuple):
    """The statement for changes of one shape, and what it needs."""

    write: str
    missing: str
    """What SQLite says where the connection has no such view yet."""
    making: tuple[str, str]


def write(connection: Any, change: Change) -> bool:
    """Stores both where the version is still the expected one; says whether it did."""
    text = _texts(connection.vendor, *change.shape())
    try:
        with connection.cursor() as cursor:
            _execute(cursor, text, change.both(connection))
    except IntegrityError as error:
        if texts.OVERTAKEN in str(error):
            return False
        raise
    return True


def _execute(cursor: Any, text: Texts, values: list[Any]) -> None:
    """Runs the statement; where the connection has no view for it yet, makes that first."""
    try:
        cursor.execute(text.write, values)
    except OperationalError as error:
        if text.missing not in str(error):
            raise
        for making in text.making:
            cursor.execute(making)
        cursor.execute(text.write, values)


def make_way(using: str, **_kwargs: object) -> None:
    """Drops a connection's views before migrations: SQLite renames no table while a trigger names it."""
    connection = connections[using]
    if connection.vendor != "sqlite" or connection.connection is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM sqlite_temp_master WHERE type = 'view' AND name GLOB '{PREFIX}*'")  # noqa: S608
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP VIEW temp.{name}")


@cache
def _texts(vendor: str, columns: tuple[str, ...], model: type[Model], attributes: tuple[str, ...]) -> Texts:
    name = f"{PREFIX}{next(_numbers)}"
    replace, insert = texts.replace(vendor, columns), texts.insert(vendor, model, attributes)
    places = [f"c{number}" for number in range(f"{replace}{insert}".count("%s"))]
    values = (f"NEW.{place}" for place in places)
    nothing = ", ".join(f"NULL AS {place}" for place in places)
    work = (
        f"{_filled(replace, values)}; SELECT RAISE(ABORT, '{texts.OVERTAKEN}') WHERE changes() <> 1; "
        f"{_filled(insert, values)};"
    )
    return Texts(
        write=f"INSERT INTO temp.{name} VALUES ({','.join(['%s'] * len(places))})",  # noqa: S608
        missing=f"no such table: temp.{name}",
        making=(
            f"CREATE TEMP VIEW IF NOT EXISTS {name} AS SELECT {nothing}",
            f"CREATE TEMP TRIGGER IF NOT EXISTS {name}_writes INSTEAD OF INSERT ON {name} BEGIN {work} END",
        ),
    )


def _filled(text: str, values: Iterator[str]) -> str:
    return re.sub("%s", lambda _: next(values), text)
