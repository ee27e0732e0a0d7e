"""The Redis store for asyncio programs. Keys, script and needs are those of ``twinlock.stores.redis``."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ResponseError

from twinlock.stores._redis import (
    FIELDS,
    SCRIPT,
    SCRIPT_ID,
    arguments,
    found,
    own_options,
    refuse_decoding,
    require_replicas,
    worries,
)

__all__ = ["AsyncRedisStore"]


class AsyncRedisStore:
    """Keeps records under ``prefix`` and the subject.

    ``source`` is a URL or a ``redis.asyncio.Redis``; the other arguments and what is asked of the server
    are as in :class:`~twinlock.stores.RedisStore`. A URL makes a client for each event loop. Close the
    store with ``await store.close()`` before the loop ends.
    """

    def __init__(
        self, source: str | Redis, *, prefix: str = "twinlock:", replicas: int = 0, timeout: float = 5.0
    ) -> None:
        self._source = source
        self._timeout = timeout
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()
        refuse_decoding(self._make(source) if isinstance(source, str) else source)
        self._prefix = prefix
        self._replicas = replicas
        self._patience = max(1, int(timeout * 500))  # half of the time after which the client gives up

    async def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        return found(await self._client().hmget(self._prefix + subject, FIELDS))

    async def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        given = arguments(self._prefix + subject, record, expected_version)
        try:
            return await self._run("evalsha", SCRIPT_ID, given)
        except NoScriptError:
            return await self._run("eval", SCRIPT, given)

    async def check(self) -> list[str]:
        """Say what makes the server unfit to remember spent codes, a sentence each; empty if nothing does."""
        client = self._client()
        try:
            settings = await client.config_get("appendfsync")
        except ResponseError:  # forbidden by many that rent servers out
            settings = None
        return worries(await client.info("all"), settings)

    async def close(self) -> None:
        """Close the running loop's connections. The store opens new ones when it is used again."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def _client(self) -> Any:
        if not isinstance(self._source, str):
            return self._source
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients.setdefault(loop, self._make(self._source))
        return client

    def _make(self, url: str) -> Redis:
        return Redis.from_url(url, retry=Retry(NoBackoff(), 0), **own_options(self._timeout))

    async def _run(self, command: str, script: str, given: tuple[Any, ...]) -> bool:
        client = self._client()
        if not self._replicas:
            return bool(await getattr(client, command)(script, *given) == 1)
        # WAIT speaks of what its own connection has written.
        async with client.pipeline(transaction=False) as pipeline:
            getattr(pipeline, command)(script, *given)
            pipeline.wait(self._replicas, self._patience)
            written, reached = await pipeline.execute()
        if written == 1:
            require_replicas(reached, self._replicas)
        return bool(written == 1)
