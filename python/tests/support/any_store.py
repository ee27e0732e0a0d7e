"""Every store by a description that another process can use, too; those of asyncio behind plain calls.

A description is what `make` takes: a kind, and where the data is.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from twinlock import stores

KINDS = ["sqlite", "postgres", "redis", "async postgres", "async redis"]
"""The stores that several processes can share."""


def make(kind: str, where: dict[str, Any]) -> Any:
    """The store, with two methods that return what is said."""
    if kind == "memory":
        return stores.MemoryStore()
    if kind == "async memory":
        return Awaited(stores.AsyncMemoryStore())
    if kind.startswith("sqlite"):
        return stores.SqliteStore(":memory:" if kind == "sqlite :memory:" else where["path"])
    if kind == "postgres":
        return stores.PostgresStore(where["url"], table=where["table"])
    if kind == "redis":
        return stores.RedisStore(where["url"], prefix=where["prefix"])
    if kind == "async postgres":
        return Awaited(stores.AsyncPostgresStore(where["url"], table=where["table"]))
    return Awaited(stores.AsyncRedisStore(where["url"], prefix=where["prefix"]))


class Awaited:
    """An asyncio store for callers in any thread: each call waits for what it starts in one event loop."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)
        return lambda *arguments: self.wait(method(*arguments))

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What the work returns, or raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        """Closes the store and ends the loop."""
        if hasattr(self.store, "close"):
            self.wait(self.store.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
