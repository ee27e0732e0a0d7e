"""A store in Redis or Valkey over redis-py, for any number of machines.

Each record is a hash with the fields ``record`` and ``version``, without an expiry. A save is one script,
which the server runs as a whole.

A record that is lost is a second factor that is gone, and one that comes back old makes spent codes good
again. So the server must keep what it has acknowledged: ``appendonly yes`` with ``appendfsync always``
(nothing is lost) or ``everysec`` (a crash of the machine, not of the server, may take the last second with
it), and ``maxmemory-policy noeviction`` or one of ``volatile-…``. :meth:`RedisStore.check` says what is
amiss. Replication is asynchronous: a fail-over may forget the last writes, unless ``replicas`` asks for them.
"""

from __future__ import annotations

from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ResponseError
from redis.retry import Retry

from twinlock.stores._redis import (
    FIELDS,
    SCRIPT,
    SCRIPT_ID,
    arguments,
    found,
    own_options,
    pattern,
    refuse_decoding,
    require_replicas,
    subject_of,
    worries,
)

__all__ = ["RedisStore"]


class RedisStore:
    """Keeps records under ``prefix`` and the subject.

    ``source`` is a URL (``redis://``, ``rediss://``, ``unix://``) or a ``redis.Redis``, which should not
    repeat commands after errors: a save that is repeated after it arrived looks like a lost race. A URL
    makes a client that does not, and that waits ``timeout`` seconds for a server that does not answer.
    ``replicas`` is how many of them must have a save before it counts; it waits for that up to ``timeout``.
    """

    def __init__(
        self, source: str | Redis, *, prefix: str = "twinlock:", replicas: int = 0, timeout: float = 5.0
    ) -> None:
        self._own = isinstance(source, str)
        self._client: Any = source
        if isinstance(source, str):
            self._client = Redis.from_url(source, retry=Retry(NoBackoff(), 0), **own_options(timeout))
        refuse_decoding(self._client)
        self._prefix = prefix
        self._replicas = replicas
        self._patience = max(1, int(timeout * 500))  # half of the time after which the client gives up

    def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        return found(self._client.hmget(self._prefix + subject, FIELDS))

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        given = arguments(self._prefix + subject, record, expected_version)
        try:
            return self._run("evalsha", SCRIPT_ID, given)
        except NoScriptError:
            return self._run("eval", SCRIPT, given)

    def subjects(self, after: str = "", limit: int = 1000) -> tuple[list[str], str]:
        """Return about ``limit`` subjects, and where to go on (``""`` at the end). One may come twice.

        Redis has no order: ``after`` is the cursor of its ``SCAN``, and a page may be empty.
        """
        cursor, keys = self._client.scan(int(after or 0), match=pattern(self._prefix), count=limit)
        return [subject_of(key, self._prefix) for key in keys], str(cursor) if cursor else ""

    def check(self) -> list[str]:
        """Say what makes the server unfit to remember spent codes, a sentence each; empty if nothing does."""
        try:
            settings = self._client.config_get("appendfsync")
        except ResponseError:  # forbidden by many that rent servers out
            settings = None
        return worries(self._client.info("all"), settings)

    def close(self) -> None:
        """Close the connections of a client of the store's own. It opens new ones when it is used again."""
        if self._own:
            self._client.close()

    def _run(self, command: str, script: str, given: tuple[Any, ...]) -> bool:
        if not self._replicas:
            return bool(getattr(self._client, command)(script, *given) == 1)
        # WAIT speaks of what its own connection has written.
        with self._client.pipeline(transaction=False) as pipeline:
            getattr(pipeline, command)(script, *given)
            pipeline.wait(self._replicas, self._patience)
            written, reached = pipeline.execute()
        if written == 1:
            require_replicas(reached, self._replicas)
        return bool(written == 1)
