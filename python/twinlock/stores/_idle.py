"""Connections that wait for their next use, with what has to happen to them when a process forks."""

from __future__ import annotations

import os
from typing import Generic, TypeVar

C = TypeVar("C")

_inherited: list[object] = []
"""What a parent process had open. A child must not even close it: the other end is the parent's."""


class Idle(Generic[C]):
    """A stack of connections. One that was taken out is used by one thread or task at a time.

    There are at most as many as were ever in use at once. A forked child starts with none.
    """

    def __init__(self) -> None:
        self._waiting: list[C] = []
        self._pid = os.getpid()

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> C | None:
        """Take one out, the one that was used last; ``None`` where none waits."""
        self._forget_parent()
        try:
            return self._waiting.pop()
        except IndexError:
            return None

    def give(self, connection: C) -> None:
        """Put one in. It must be as new: no transaction open, no answer unread."""
        self._waiting.append(connection)

    def drain(self) -> list[C]:
        """Take all of them out, to be closed."""
        taken = []
        while (connection := self.take()) is not None:
            taken.append(connection)
        return taken

    def _forget_parent(self) -> None:
        if os.getpid() != self._pid:
            _inherited.append(self._waiting)
            self._waiting, self._pid = [], os.getpid()
