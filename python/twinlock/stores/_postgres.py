"""What the two PostgreSQL stores share: the statements, and what is asked of a connection."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from twinlock.errors import TransactionOpen

if TYPE_CHECKING:
    from psycopg.abc import Params

CREATE_TABLE = (
    "CREATE TABLE IF NOT EXISTS {table} "
    '(subject text COLLATE "C" PRIMARY KEY, record bytea NOT NULL, version bigint NOT NULL) '
    "WITH (fillfactor = 50)"
)
"""The table. The room left in each page lets an update stay in it without touching the index."""
_LOAD = "SELECT record, version FROM {table} WHERE subject = %s"
_INSERT = "INSERT INTO {table} (subject, record, version) VALUES (%s, %s, 1) ON CONFLICT DO NOTHING"
_UPDATE = "UPDATE {table} SET record = %s, version = version + 1 WHERE subject = %s AND version = %s"
_SUBJECTS = (
    "SELECT array_agg(subject ORDER BY subject) FROM "
    "(SELECT subject FROM {table} WHERE subject > %s ORDER BY subject LIMIT %s) AS page"
)

SETTINGS = (
    b"SELECT current_setting('fsync'), current_setting('full_page_writes'), "
    b"current_setting('synchronous_commit'), pg_is_in_recovery()::text"
)
_LONGEST_NAME = 63

LOST_RACES = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
"""Where a database is set to be stricter than "read committed": the statement was undone, a rival won."""
MADE_MEANWHILE = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DuplicateTable,
    psycopg.errors.DuplicateObject,
)
"""``IF NOT EXISTS`` does not keep two sessions from making the same table at the same time: ask again."""


class Statements:
    """The statements for one table. Its name may hold any character; it is quoted."""

    def __init__(self, table: str, schema: str | None) -> None:
        names = [table] if schema is None else [schema, table]
        for name in names:
            if not name or "\0" in name or len(name.encode()) > _LONGEST_NAME:
                raise ValueError("names of tables and schemas have 1 to 63 bytes and no NUL")
        # A percent sign in a name must not look like a placeholder.
        quoted = sql.Identifier(*names).as_string(None).replace("%", "%%")
        self.create, self._load, self._insert, self._update, self._subjects = (
            text.format(table=quoted).encode() for text in (CREATE_TABLE, _LOAD, _INSERT, _UPDATE, _SUBJECTS)
        )

    def load(self, subject: str) -> tuple[bytes, Params]:
        """Read one row."""
        return self._load, (subject,)

    def save(self, subject: str, record: bytes, expected_version: int) -> tuple[bytes, Params]:
        """Write one row if its version is still the expected one."""
        if expected_version == 0:
            return self._insert, (subject, record)
        return self._update, (record, subject, expected_version)

    def subjects(self, after: str, limit: int) -> tuple[bytes, Params]:
        """List the next subjects as one array, so that it is one row."""
        return self._subjects, (after, limit)


def own_parameters(conninfo: str, timeout: int) -> dict[str, Any]:
    """How connections of the store's own are opened: `timeout` holds where the text says nothing else."""
    given = conninfo_to_dict(conninfo)
    if "PGCONNECT_TIMEOUT" not in os.environ:
        given.setdefault("connect_timeout", timeout)
    given.setdefault("tcp_user_timeout", timeout * 1000)
    return {**given, "autocommit": True, "prepare_threshold": None}


def is_quiet(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    """Whether an idle connection is of use: open and silent. What is said unasked is the end of it."""
    if connection.closed:
        return False
    if not hasattr(select, "poll"):
        return not select.select([connection.fileno()], [], [], 0)[0]
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def refuse_open_transaction(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> None:
    """A save inside somebody's transaction could be rolled back after the answer."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        raise TransactionOpen


def found(row: tuple[Any, ...] | None) -> tuple[bytes, int] | None:
    """What a load returns for a row."""
    return None if row is None else (bytes(row[0]), int(row[1]))


def worries(settings: tuple[Any, ...] | None) -> list[str]:
    """What is wrong with the server's settings, a sentence each."""
    fsync, full_page_writes, synchronous_commit, replica = settings or ("", "", "", "")
    said = {
        "fsync is off: a crash can bring spent codes back or destroy the table": fsync == "off",
        "full_page_writes is off: a crash can destroy the table": full_page_writes == "off",
        "synchronous_commit is off: a crash can bring spent codes back": synchronous_commit == "off",
        "this is a replica: records must be read from and written to the primary": replica == "true",
    }
    return [sentence for sentence, holds in said.items() if holds]
