"""An engine and a store in one object: each call loads, decides, stores and only then answers."""

from __future__ import annotations

import time

from twinlock._calls import (
    DeviceCalls,
    EnrollmentCalls,
    ManageCalls,
    SignInCalls,
    TokenCalls,
    TrustCalls,
)
from twinlock._settle import look, replace, run, settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from twinlock._twinlock import Engine, Pending
    from twinlock.stores import Store

    T = TypeVar("T")

__all__ = ["SecondFactor"]


class SecondFactor(EnrollmentCalls, DeviceCalls, SignInCalls, TrustCalls, TokenCalls, ManageCalls):
    """The calls of an :class:`~twinlock.Engine` with the records of a store.

    A race for one record is run again with the newer record, up to ``attempts`` times; then the call
    is refused as ``contended``, with nothing revealed and nothing counted. A failing store raises
    :class:`~twinlock.StoreFault` and grants nothing. Share one object between all threads.
    """

    __slots__ = ("_attempts", "engine", "store")

    def __init__(self, engine: Engine, store: Store, *, attempts: int = 8) -> None:
        if attempts < 1:
            raise ValueError("attempts must be at least 1")
        self.engine = engine
        self.store = store
        self._attempts = attempts

    def _settle(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        return run(settle(_AtOnce(self.store), subject, decide, self._attempts))

    _settle_slowly = _settle

    def _look(self, subject: str, see: Callable[[str, bytes | None], T]) -> T:
        return run(look(_AtOnce(self.store), subject, see))

    def _replace(self, subject: str, change: Callable[[str, bytes], bytes | None]) -> bool:
        return run(replace(_AtOnce(self.store), subject, change, self._attempts))


class _AtOnce:
    """Steps that are done when they return."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self, subject: str) -> tuple[bytes, int] | None:
        return self._store.load(subject)

    async def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        return self._store.save(subject, record, expected_version)

    async def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    async def judge(
        self, decide: Callable[[str, bytes | None], Pending[T]], subject: str, record: bytes | None
    ) -> Pending[T]:
        return decide(subject, record)
