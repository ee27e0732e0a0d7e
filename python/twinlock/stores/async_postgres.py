"""The PostgreSQL store for asyncio programs. Table, statements and guarantees are those of ``postgres``."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg.rows import tuple_row

from twinlock.stores._idle_by_loop import IdleByLoop
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
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from typing import TypeAlias

    from psycopg import AsyncConnection
    from psycopg.abc import Params

    AsyncLender: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]

__all__ = ["AsyncPostgresStore", "CREATE_TABLE"]


class AsyncPool(Protocol):
    """What a ``psycopg_pool.AsyncConnectionPool`` has."""

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection[Any]]:
        """Lend a connection."""


class AsyncPostgresStore:
    """Keeps records in the table ``table`` of ``schema`` (``None``: the first of the search path).

    ``source`` is a connection string, a ``psycopg_pool.AsyncConnectionPool``, or a function that returns
    an asynchronous context manager which lends a connection. A string makes connections of the store's
    own, for each event loop its own; see :class:`~twinlock.stores.PostgresStore`. Close it with
    ``await store.close()`` before the loop ends.
    """

    def __init__(
        self,
        source: str | AsyncPool | AsyncLender,
        *,
        table: str = "twinlock_record",
        schema: str | None = None,
        timeout: int = 5,
    ) -> None:
        self._statements = Statements(table, schema)
        self._idle: IdleByLoop[AsyncConnection[Any]] = IdleByLoop()
        self._lend: AsyncLender
        if isinstance(source, str):
            self._parameters = own_parameters(source, timeout)
            self._lend = self._lend_own
        else:
            self._lend = source if callable(source) else source.connection

    async def create_table(self) -> None:
        """Make the table unless it is there. The schema must exist."""
        try:
            await self._run(self._statements.create)
        except MADE_MEANWHILE:
            await self._run(self._statements.create)

    async def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        return found((await self._run(*self._statements.load(subject)))[1])

    async def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        try:
            return (await self._run(*self._statements.save(subject, record, expected_version)))[0] == 1
        except LOST_RACES:
            return False

    async def check(self) -> list[str]:
        """Say what makes the server unfit to remember spent codes, a sentence each; empty if nothing does."""
        return worries((await self._run(SETTINGS))[1])

    async def close(self) -> None:
        """Close the running loop's idle connections. The store opens new ones when it is used again."""
        for connection in self._idle.here().drain():
            await connection.close()

    async def _run(self, query: bytes, parameters: Params = ()) -> tuple[int, tuple[Any, ...] | None]:
        """Run one statement in its own transaction: how many rows it was about, and the first of a result."""
        async with self._lend() as connection:
            refuse_open_transaction(connection)
            cursor = psycopg.AsyncCursor(connection, row_factory=tuple_row)
            await cursor.execute(query, parameters, prepare=False)
            row = await cursor.fetchone() if cursor.description else None
            if not connection.autocommit:
                await connection.commit()
            return cursor.rowcount, row

    @asynccontextmanager
    async def _lend_own(self) -> AsyncIterator[AsyncConnection[Any]]:
        idle = self._idle.here()
        connection = idle.take()
        while connection is not None and not is_quiet(connection):
            await connection.close()
            connection = idle.take()
        if connection is None:
            connection = await psycopg.AsyncConnection.connect(**self._parameters)
        try:
            yield connection
        except BaseException:
            await connection.close()
            raise
        idle.give(connection)
