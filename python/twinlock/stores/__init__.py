"""Stores: where sealed records live. A store loads a record and replaces it if nobody else did.

:class:`MemoryStore` is for tests, :class:`SqliteStore` for one machine. A store of your own has
the two methods of :class:`Store` and needs no base class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from twinlock.stores.memory import MemoryStore

if TYPE_CHECKING:
    from twinlock.stores.sqlite import SqliteStore

__all__ = ["Store", "MemoryStore", "SqliteStore"]


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


def __getattr__(name: str) -> object:
    """Import sqlite3 only where it is used; some Pythons are built without it."""
    if name == "SqliteStore":
        from twinlock.stores.sqlite import SqliteStore

        return SqliteStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
