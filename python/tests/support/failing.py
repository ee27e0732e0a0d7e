"""A database that fails at one statement: before it has run, or after, when only its answer is lost.

A transaction that is open then is gone with its connection, so in one there is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

COMMIT = "COMMIT"
MOMENTS = ("before", "after")


class Statements:
    """Counts the statements and commits of a block, and fails at one of them."""

    def __init__(self, fails_at: int, moment: str) -> None:
        self.fails_at = fails_at
        self.moment = moment
        self.seen = 0
        self.failed: str | None = None
        """The one that failed; None where the block had fewer."""

    def __call__(self, execute: Any, *args: Any) -> Any:
        """Runs one, or fails."""
        self.seen += 1
        if self.seen != self.fails_at:
            return execute(*args)
        self.failed = str(args[0]) if args else COMMIT
        if self.moment == "after" and not self._in_transaction():
            execute(*args)
        raise OperationalError("server closed the connection unexpectedly")

    def _in_transaction(self) -> bool:
        opens = str(self.failed).startswith("BEGIN")
        return opens or (connection.in_atomic_block and self.failed != COMMIT)


@contextmanager
def failing(fails_at: int, moment: str) -> Iterator[Statements]:
    """Lets the statement of that number, from 1, fail in the block; commits are counted as statements are."""
    statements = Statements(fails_at, moment)
    commit = connection._commit
    connection._commit = lambda: statements(commit)
    try:
        with connection.execute_wrapper(statements):
            yield statements
    finally:
        del connection._commit
