"""A store in PostgreSQL over psycopg 3, for any number of machines.

The table is made by :meth:`PostgresStore.create_table`, or by a migration of yours with
:data:`CREATE_TABLE`. A save is one conditional statement in a transaction of its own, committed when the
call returns. No prepared statement and no setting stays behind in a session, so that connection poolers
in transaction mode are fine. The connections must lead to the primary.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg.rows import tuple_row

from twinlock.stores._idle import Idle
from twinlock.stores._postgres import (
    CREATE_TABLE,
    LOST_RACES,
    MADE_MEANWHILE,
    SETTINGS,
    Statements,
    found,
    is_quiet,
    own_parameters,
    refuse_open_transaction,
    worries,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from psycopg import Connection
    from psycopg.abc import Params

    Lender: TypeAlias = Callable[[], AbstractContextManager[Connection[Any]]]

__all__ = ["PostgresStore", "CREATE_TABLE"]


class Pool(Protocol):
    """What a ``psycopg_pool.ConnectionPool`` has."""

    def connection(self) -> AbstractContextManager[Connection[Any]]:
        """Lend a connection."""


class PostgresStore:
    """Keeps records in the table ``table`` of ``schema`` (``None``: the first of the search path).

    ``source`` is a connection string, a ``psycopg_pool.ConnectionPool``, or a function that returns a
    context manager which lends a connection. A string makes connections of the store's own: opened when
    they are needed, kept for the next use, made anew after the server went away and in a forked child;
    ``timeout`` is how many seconds to wait for a server that does not answer, unless the string says it.
    What is lent must not be in a transaction (:class:`~twinlock.TransactionOpen`).
    """

    def __init__(
        self,
        source: str | Pool | Lender,
        *,
        table: str = "twinlock_record",
        schema: str | None = None,
        timeout: int = 5,
    ) -> None:
        self._statements = Statements(table, schema)
        self._idle: Idle[Connection[Any]] = Idle()
        self._lend: Lender
        if isinstance(source, str):
            self._parameters = own_parameters(source, timeout)
            self._lend = self._lend_own
        else:
            self._lend = source if callable(source) else source.connection

    def create_table(self) -> None:
        """Make the table unless it is there. The schema must exist."""
        try:
            self._run(self._statements.create)
        except MADE_MEANWHILE:
            self._run(self._statements.create)

    def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        return found(self._run(*self._statements.load(subject))[1])

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        try:
            return self._run(*self._statements.save(subject, record, expected_version))[0] == 1
        except LOST_RACES:
            return False

    def subjects(self, after: str = "", limit: int = 1000) -> tuple[list[str], str]:
        """Return the next subjects in their order, and where to go on (``""`` at the end)."""
        row = self._run(*self._statements.subjects(after, limit))[1]
        page: list[str] = (row and row[0]) or []
        return page, page[-1] if len(page) == limit else ""

    def check(self) -> list[str]:
        """Say what makes the server unfit to remember spent codes, a sentence each; empty if nothing does."""
        return worries(self._run(SETTINGS)[1])

    def close(self) -> None:
        """Close the idle connections of the store's own. It opens new ones when it is used again."""
        for connection in self._idle.drain():
            connection.close()

    def __del__(self) -> None:
        if hasattr(self, "_idle"):
            self.close()

    def _run(self, query: bytes, parameters: Params = ()) -> tuple[int, tuple[Any, ...] | None]:
        """Run one statement in its own transaction: how many rows it was about, and the first of a result."""
        with self._lend() as connection:
            refuse_open_transaction(connection)
            cursor = psycopg.Cursor(connection, row_factory=tuple_row)
            cursor.execute(query, parameters, prepare=False)
            row = cursor.fetchone() if cursor.description else None
            if not connection.autocommit:
                connection.commit()
            return cursor.rowcount, row

    @contextmanager
    def _lend_own(self) -> Iterator[Connection[Any]]:
        connection = self._idle.take()
        while connection is not None and not is_quiet(connection):
            connection.close()
            connection = self._idle.take()
        if connection is None:
            connection = psycopg.connect(**self._parameters)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.give(connection)
