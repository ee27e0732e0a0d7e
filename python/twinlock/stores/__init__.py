"""Stores: where sealed records live. A store loads a record and replaces it if nobody else did.

:class:`MemoryStore` is for tests, :class:`SqliteStore` for one machine, :class:`PostgresStore` and
:class:`RedisStore` for many; their twins with ``Async`` in the name serve
:class:`twinlock.AsyncSecondFactor`. A store of your own has the two methods of :class:`Store` or
:class:`AsyncStore` and needs no base class.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from twinlock.stores.memory import AsyncMemoryStore, MemoryStore

if TYPE_CHECKING:
    from twinlock.stores.async_postgres import AsyncPostgresStore
    from twinlock.stores.async_redis import AsyncRedisStore
    from twinlock.stores.postgres import PostgresStore
    from twinlock.stores.redis import RedisStore
    from twinlock.stores.sqlite import SqliteStore

__all__ = [
    "Store",
    "MemoryStore",
    "SqliteStore",
    "PostgresStore",
    "RedisStore",
    "ListedStore",
    "AsyncStore",
    "AsyncMemoryStore",
    "AsyncPostgresStore",
    "AsyncRedisStore",
]

# Where the stores are whose driver may be missing (sqlite3, too: some Pythons are built without it), and
# the extra of this package that brings the driver.
_MODULES = {
    "SqliteStore": ("sqlite", None),
    "PostgresStore": ("postgres", "postgres"),
    "AsyncPostgresStore": ("async_postgres", "postgres"),
    "RedisStore": ("redis", "redis"),
    "AsyncRedisStore": ("async_redis", "redis"),
}


class Store(Protocol):
    """Two methods over a table of subject (unique), record (bytes) and version (integer).

    Both may raise whatever the database raises; :class:`twinlock.SecondFactor` turns it into
    :class:`twinlock.StoreFault` and grants nothing.
    """

    def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the newest record and its version, or ``None`` where there is no row.

        Read from the primary database: a replica that lags makes conditional writes fail.
        """

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the row still has ``expected_version``; return whether exactly one row changed.

        Version 0 means that there was no row: insert one with version 1 unless there is one now.
        Otherwise ``UPDATE … SET version = version + 1 WHERE subject = ? AND version = ?``. The write
        must be committed for good on return, never be part of a transaction that can be rolled back.
        """


class ListedStore(Store, Protocol):
    """A store whose subjects can be gone through, as key rotation does."""

    def subjects(self, after: str = "", limit: int = 1000) -> tuple[list[str], str]:
        """Return about ``limit`` subjects, and what to pass as ``after`` to go on; ``""`` at the end.

        Every subject that is there all the time comes at least once. Most stores go by the order of subjects,
        so that ``after`` is a subject; for others it means something to them only.
        """


class AsyncStore(Protocol):
    """The two methods of :class:`Store` as coroutines. What is said there holds here."""

    async def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the newest record and its version, or ``None`` where there is no row."""

    async def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the row still has ``expected_version``; return whether exactly one row changed.

        A cancelled save may have been written or not. No connection whose answer is outstanding may be
        used again: a later save would take that answer for its own.
        """


def __getattr__(name: str) -> object:
    """Import a store's driver only where the store is used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, extra = _MODULES[name]
    try:
        return getattr(import_module(f"{__name__}.{module}"), name)
    except ModuleNotFoundError as error:
        if extra is None:
            raise
        raise ImportError(f"{name} needs {error.name}: pip install 'twinlock[{extra}]'") from error
