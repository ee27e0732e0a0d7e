"""The twin of ``SecondFactor`` for asyncio programs: the same calls, to be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from twinlock._calls import (
    Calls,
    DeviceCalls,
    EnrollmentCalls,
    ManageCalls,
    SignInCalls,
    TokenCalls,
    TrustCalls,
)
from twinlock._settle import look, replace, settle

if TYPE_CHECKING:
    from typing import Concatenate, ParamSpec

    from twinlock._twinlock import Engine, Pending
    from twinlock.stores import AsyncStore

    P = ParamSpec("P")
    C = TypeVar("C", bound=Calls)

T = TypeVar("T")

__all__ = ["AsyncSecondFactor"]


def _awaited(
    call: Callable[Concatenate[C, P], T],
) -> Callable[Concatenate[AsyncSecondFactor, P], Coroutine[Any, Any, T]]:
    """Make a call of ``SecondFactor`` one of the twin: what the twin's ways to settle return is awaited."""
    starts: Callable[..., Coroutine[Any, Any, T]] = call  # type: ignore[assignment]

    @wraps(call)
    async def awaited(self: AsyncSecondFactor, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await starts(self, *args, **kwargs)

    return awaited


class AsyncSecondFactor:
    """The calls of an :class:`~twinlock.Engine` with the records of a store, for one event loop or many.

    All that :class:`~twinlock.SecondFactor` says holds here. What hashes backup codes (to enroll, to make
    new ones, to answer with ``backup`` or ``any``) runs in a thread; all else takes microseconds and runs
    in the loop. A call that is cancelled has no answer: what it was about may or may not have been
    stored, so that a code may be spent and nobody signed in, but never the reverse.
    """

    __slots__ = ("_attempts", "engine", "store")

    def __init__(self, engine: Engine, store: AsyncStore, *, attempts: int = 8) -> None:
        if attempts < 1:
            raise ValueError("attempts must be at least 1")
        self.engine = engine
        self.store = store
        self._attempts = attempts

    begin_enrollment = _awaited(EnrollmentCalls.begin_enrollment)
    confirm_enrollment = _awaited(EnrollmentCalls.confirm_enrollment)
    check_enrollment = _awaited(EnrollmentCalls.check_enrollment)
    disable = _awaited(EnrollmentCalls.disable)
    add_device = _awaited(DeviceCalls.add_device)
    rename_device = _awaited(DeviceCalls.rename_device)
    remove_device = _awaited(DeviceCalls.remove_device)
    resync_device = _awaited(DeviceCalls.resync_device)
    import_device = _awaited(DeviceCalls.import_device)
    import_backup_codes = _awaited(DeviceCalls.import_backup_codes)
    begin_sign_in = _awaited(SignInCalls.begin_sign_in)
    finish_sign_in = _awaited(SignInCalls.finish_sign_in)
    finish_for_enrollment = _awaited(SignInCalls.finish_for_enrollment)
    send_code = _awaited(SignInCalls.send_code)
    step_up = _awaited(TrustCalls.step_up)
    trust_device = _awaited(TrustCalls.trust_device)
    is_trusted = _awaited(TrustCalls.is_trusted)
    revoke_trusted_devices = _awaited(TrustCalls.revoke_trusted_devices)
    refresh = _awaited(TokenCalls.refresh)
    refresh_sliding = _awaited(TokenCalls.refresh_sliding)
    rotate = _awaited(TokenCalls.rotate)
    regenerate_backup_codes = _awaited(ManageCalls.regenerate_backup_codes)
    admin_regenerate_backup_codes = _awaited(ManageCalls.admin_regenerate_backup_codes)
    set_method = _awaited(ManageCalls.set_method)
    unlock = _awaited(ManageCalls.unlock)
    admin_reset = _awaited(ManageCalls.admin_reset)
    bump_epoch = _awaited(ManageCalls.bump_epoch)
    status = _awaited(ManageCalls.status)
    reseal = _awaited(ManageCalls.reseal)
    settle = _awaited(Calls.settle)

    _settle_answer = Calls._settle_answer

    async def _settle(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        return await settle(_InLoop(self.store), subject, decide, self._attempts)

    async def _settle_slowly(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        return await settle(_InThread(self.store), subject, decide, self._attempts)

    async def _look(self, subject: str, see: Callable[[str, bytes | None], T]) -> T:
        return await look(_InLoop(self.store), subject, see)

    async def _replace(self, subject: str, change: Callable[[str, bytes], bytes | None]) -> bool:
        return await replace(_InLoop(self.store), subject, change, self._attempts)


class _InLoop:
    """Steps that wait for the store and for the clock in the event loop."""

    __slots__ = ("_store",)

    def __init__(self, store: AsyncStore) -> None:
        self._store = store

    async def load(self, subject: str) -> tuple[bytes, int] | None:
        return await self._store.load(subject)

    async def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        return await self._store.save(subject, record, expected_version)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def judge(
        self, decide: Callable[[str, bytes | None], Pending[T]], subject: str, record: bytes | None
    ) -> Pending[T]:
        return decide(subject, record)


class _InThread(_InLoop):
    """As before, but the decision itself is made in a thread."""

    __slots__ = ()

    async def judge(
        self, decide: Callable[[str, bytes | None], Pending[T]], subject: str, record: bytes | None
    ) -> Pending[T]:
        return await asyncio.to_thread(decide, subject, record)
