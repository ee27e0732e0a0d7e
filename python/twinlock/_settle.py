"""The loop load, decide, store, answer: written once, run by :class:`SecondFactor` and by its async twin.

Written as coroutines, which only the twin suspends: :func:`run` runs them where each step is done at once.
"""

from __future__ import annotations

import os

from twinlock.errors import CommitLost, Refused, StoreFault, TwinlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Protocol, TypeVar

    from twinlock._twinlock import Pending

    T = TypeVar("T")

    class Host(Protocol):
        """What differs between the two: how to wait for something."""

        async def load(self, subject: str) -> tuple[bytes, int] | None: ...
        async def save(self, subject: str, record: bytes, expected_version: int) -> bool: ...
        async def pause(self, seconds: float) -> None: ...
        async def judge(
            self, decide: Callable[[str, bytes | None], Pending[T]], subject: str, record: bytes | None
        ) -> Pending[T]: ...


async def settle(
    host: Host, subject: str, decide: Callable[[str, bytes | None], Pending[T]], attempts: int
) -> T:
    """Decide on the newest record until a save wins; only then is there an answer.

    A caller that is cancelled anywhere in here gets none.
    """
    for attempt in range(attempts):
        if attempt:
            await host.pause(_pause(attempt))
        record, version = await _load(host, subject)
        pending = await host.judge(decide, subject, record)
        try:
            return pending.commit(await _save(host, subject, pending.record, version))
        except CommitLost:
            continue
    raise Refused("contended", retry_after=1)


async def replace(
    host: Host, subject: str, change: Callable[[str, bytes], bytes | None], attempts: int
) -> bool:
    """Change the newest record until a save wins, unless there is none or nothing to change."""
    for attempt in range(attempts):
        if attempt:
            await host.pause(_pause(attempt))
        record, version = await _load(host, subject)
        anew = None if record is None else change(subject, record)
        if anew is None:
            return False
        if await _save(host, subject, anew, version):
            return True
    raise Refused("contended", retry_after=1)


async def look(host: Host, subject: str, see: Callable[[str, bytes | None], T]) -> T:
    """Look at the newest record; nothing is stored."""
    record, _ = await _load(host, subject)
    return see(subject, record)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as finished:
        value: T = finished.value
        return value
    coroutine.close()
    raise RuntimeError("a step was not done at once")


async def _load(host: Host, subject: str) -> tuple[bytes | None, int]:
    try:
        row = await host.load(subject)
        return (None, 0) if row is None else (row[0], row[1])
    except TwinlockError:
        raise
    except Exception as error:
        raise StoreFault from error


async def _save(host: Host, subject: str, record: bytes | None, version: int) -> bool:
    if record is None:
        return True
    try:
        return await host.save(subject, record, version)
    except TwinlockError:
        raise
    except Exception as error:
        raise StoreFault from error


def _pause(attempt: int) -> float:
    """A random time below 2, 4, 8 … 32 ms, so that rivals do not meet again."""
    longest = 0.001 * (1 << min(attempt, 5))
    return longest * os.urandom(1)[0] / 255
