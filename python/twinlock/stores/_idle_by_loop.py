"""Connections that wait for their next use in an asyncio program."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from twinlock.stores._idle import Idle

C = TypeVar("C")


class IdleByLoop(Generic[C]):
    """An :class:`Idle` for each event loop: a connection belongs to the loop in which it was opened."""

    def __init__(self) -> None:
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Idle[C]] = WeakKeyDictionary()

    def here(self) -> Idle[C]:
        """Return the one of the running loop."""
        return self._loops.setdefault(asyncio.get_running_loop(), Idle())
