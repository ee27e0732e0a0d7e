"""A store in one SQLite file, for the processes and threads of one machine.

The table is ``twinlock_record(subject TEXT PRIMARY KEY, record BLOB, version INTEGER)``. A save is one
statement in a transaction of its own, on disk when the call returns. A file that is lost means that
nobody has a second factor any more: back it up with the rest of the data.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from twinlock.stores._idle import Idle

_TABLE = (
    "CREATE TABLE IF NOT EXISTS twinlock_record "
    "(subject TEXT NOT NULL PRIMARY KEY, record BLOB NOT NULL, version INTEGER NOT NULL)"
)
_LOAD = "SELECT record, version FROM twinlock_record WHERE subject = ?"
_INSERT = "INSERT INTO twinlock_record (subject, record, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING"
_UPDATE = "UPDATE twinlock_record SET record = ?, version = version + 1 WHERE subject = ? AND version = ?"

_SUBJECTS = "SELECT subject FROM twinlock_record WHERE subject > ? ORDER BY subject LIMIT ?"


class SqliteStore:
    """Keeps records in the SQLite file at ``path``, made with its table at first use.

    ``timeout`` is how many seconds to wait for another writer. Constructing one opens nothing, so it
    may be done before a server forks its workers. ``":memory:"`` lives as long as the store does.
    """

    def __init__(self, path: str | os.PathLike[str], *, timeout: float = 5.0) -> None:
        self._idle: Idle[sqlite3.Connection] = Idle()
        self._pid = os.getpid()
        text = os.fspath(path)
        if not text:
            raise ValueError("SqliteStore needs a path; an empty one would be a new database for each use")
        self._memory = text == ":memory:"
        # Made absolute, so that a process that changes its folder does not start an empty database.
        self._path = text if self._memory else os.path.abspath(text)
        self._timeout = timeout
        self._memory_lock = threading.Lock()

    def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        with self._connection() as connection:
            row = connection.execute(_LOAD, (subject,)).fetchone()
        return None if row is None else (bytes(row[0]), int(row[1]))

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        with self._connection() as connection:
            if expected_version == 0:
                return connection.execute(_INSERT, (subject, record)).rowcount == 1
            return connection.execute(_UPDATE, (record, subject, expected_version)).rowcount == 1

    def subjects(self, after: str = "", limit: int = 1000) -> tuple[list[str], str]:
        """Return the next subjects in their order, and where to go on (``""`` at the end)."""
        with self._connection() as connection:
            page = [row[0] for row in connection.execute(_SUBJECTS, (after, limit))]
        return page, page[-1] if len(page) == limit else ""

    def close(self) -> None:
        """Close the idle connections. The store opens new ones when it is used again."""
        for connection in self._idle.drain():
            connection.close()

    def __del__(self) -> None:
        self.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that no other thread uses meanwhile."""
        if not self._memory:
            yield from self._lend()
            return
        if os.getpid() != self._pid:
            raise sqlite3.ProgrammingError("a :memory: database does not follow its process through a fork")
        with self._memory_lock:
            yield from self._lend()

    def _lend(self) -> Iterator[sqlite3.Connection]:
        connection = self._idle.take() or self._open()
        try:
            yield connection
        except BaseException:
            if self._memory:
                self._idle.give(connection)
            else:
                connection.close()
            raise
        self._idle.give(connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # FULL: a code that was answered with yes is spent even if the power fails a moment later.
        connection.execute("PRAGMA synchronous = FULL")
        # It may fail where another process is switching to it or the folder is read-only. The mode
        # matters for speed only; what cannot work shows in the next statement.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute(_TABLE)
