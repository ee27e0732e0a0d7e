"""AsyncSecondFactor: the same calls and rules, with a loop that goes on and tasks that may be cancelled."""

import asyncio
import inspect
import pydoc
import threading
from contextlib import suppress

import pytest

from twinlock import AsyncSecondFactor, Refused, SecondFactor, StoreFault, totp
from twinlock.stores import AsyncMemoryStore

CALLS = sorted(
    name for name in dir(SecondFactor) if not name.startswith("_") and name not in ("engine", "store")
)


class Gate:
    """A store whose saves wait until they are let through; what a test asks for happens around them."""

    def __init__(self):
        self.inner = AsyncMemoryStore()
        self.load = self.inner.load
        self.arrived, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.saves = 0
        self.before_save = lambda: None

    async def save(self, *given):
        self.saves += 1
        self.before_save()
        self.arrived.set()
        await self.open.wait()
        return await self.inner.save(*given)


class Someone:
    """A subject with a confirmed second factor."""

    @classmethod
    async def enrolled(cls, engine, start, store=None):
        self = cls()
        self.store = store or Gate()
        self.auth = AsyncSecondFactor(engine, self.store)
        setup = await self.auth.begin_enrollment("42", account="a", now=start - 60)
        self.code = lambda now: totp.generate(setup.secret, now=now)
        enrolled = await self.auth.confirm_enrollment("42", self.code(start - 60), now=start - 60)
        self.backup_codes = enrolled.backup_codes
        self.challenge = (await self.auth.begin_sign_in("42", now=start)).challenge
        return self


def test_both_have_the_same_calls_with_the_same_signatures():
    assert len(CALLS) >= 12
    for name in CALLS:
        blocking, awaited = getattr(SecondFactor, name), getattr(AsyncSecondFactor, name)
        assert inspect.iscoroutinefunction(awaited)
        assert not inspect.iscoroutinefunction(blocking)
        assert inspect.signature(awaited) == inspect.signature(blocking)
        assert awaited.__doc__ == blocking.__doc__
    public = {name for name in vars(AsyncSecondFactor) if not name.startswith("_")} - {"engine", "store"}
    assert public == set(CALLS)


def test_help_shows_names_types_and_what_a_call_does():
    shown = " ".join(pydoc.plain(pydoc.render_doc(AsyncSecondFactor.finish_sign_in)).split())
    assert "challenge: 'Text', *, otp: 'Text | None' = None" in shown
    assert "-> 'Proof'" in shown
    assert "Check the answer to a challenge." in shown


def test_the_whole_way(engine, start):
    async def way():
        someone = await Someone.enrolled(engine, start)
        auth = someone.auth
        proof = await auth.finish_sign_in(someone.challenge, otp=someone.code(start), now=start)
        tokens = engine.mint(proof, now=start)
        assert (await auth.refresh(tokens.refresh, now=start)).access
        assert (await auth.status("42", now=start)).backup_codes_left == 10
        assert (
            len(await auth.regenerate_backup_codes("42", otp=someone.code(start + 30), now=start + 30)) == 10
        )
        assert len(await auth.admin_regenerate_backup_codes("42", now=start)) == 10
        await auth.unlock("42", now=start)
        await auth.bump_epoch("42", now=start)
        with pytest.raises(Refused, match="token"):
            await auth.refresh(tokens.refresh, now=start)
        await auth.disable("42", otp=someone.code(start + 60), now=start + 60)
        assert not (await auth.status("42", now=start)).enabled
        with pytest.raises(Refused, match="not enabled"):
            await auth.admin_reset("42", now=start)

    asyncio.run(way())


def test_only_calls_that_hash_backup_codes_leave_the_thread_of_the_loop(engine, start, monkeypatch):
    """API-07: the others are done sooner than a thread is asked."""
    judged_in = []
    in_thread = asyncio.to_thread

    async def spied(function, *given):
        def work():
            judged_in.append(threading.get_ident())
            return function(*given)

        return await in_thread(work)

    monkeypatch.setattr(asyncio, "to_thread", spied)

    async def threads_of(call):
        judged_in.clear()
        with suppress(Refused):
            await call
        return len(judged_in)

    async def way():
        someone = await Someone.enrolled(engine, start)
        auth, challenge, wrong = someone.auth, someone.challenge, "0000-0000-0000-0000"
        assert len(judged_in) == 1
        slow = [
            lambda: auth.finish_sign_in(challenge, backup=wrong, now=start),
            lambda: auth.finish_sign_in(challenge, any=wrong, now=start),
            lambda: auth.disable("42", backup=wrong, now=start),
            lambda: auth.step_up("42", purpose="x", any=wrong, now=start),
            lambda: auth.import_backup_codes("42", ["abcdef"], scheme="plain", now=start),
            lambda: auth.regenerate_backup_codes("42", otp=someone.code(start), now=start),
            lambda: auth.admin_regenerate_backup_codes("42", now=start),
        ]
        quick = [
            lambda: auth.begin_sign_in("42", now=start),
            lambda: auth.finish_sign_in(challenge, otp="000000", now=start),
            lambda: auth.finish_sign_in(challenge, sent="0000000", now=start),
            lambda: auth.disable("42", otp="000000", now=start),
            lambda: auth.disable("42", step_up="a.b.c", now=start),
            lambda: auth.reseal("42"),
            lambda: auth.status("42", now=start),
            lambda: auth.unlock("42", now=start),
        ]
        assert [await threads_of(call()) for call in slow] == [1] * len(slow)
        assert threading.get_ident() not in judged_in
        assert [await threads_of(call()) for call in quick] == [0] * len(quick)

    asyncio.run(way())


def test_the_loop_goes_on_while_backup_codes_are_hashed(engine, start):
    """API-07: hashing lets go of the interpreter's lock, so other tasks run on time meanwhile."""

    async def way():
        someone = await Someone.enrolled(engine, start)
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticker = asyncio.create_task(tick())
        for _ in range(20):
            before = ticks
            await someone.auth.admin_regenerate_backup_codes("42", now=start)
            assert ticks > before
        ticker.cancel()

    asyncio.run(way())


def test_a_lost_race_is_decided_anew_and_endless_ones_end(engine, start):
    """VER-02"""

    async def way():
        someone = await Someone.enrolled(engine, start)
        tasks = [
            asyncio.create_task(
                someone.auth.finish_sign_in(someone.challenge, otp=someone.code(start), now=start)
            )
            for _ in range(20)
        ]
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1

        async def lose(*_):
            return False

        someone.store.save = lose
        with pytest.raises(Refused) as caught:
            await someone.auth.bump_epoch("42", now=start)
        assert caught.value.code == "contended"
        with pytest.raises(ValueError, match="at least 1"):
            AsyncSecondFactor(engine, someone.store, attempts=0)

    asyncio.run(way())


@pytest.mark.parametrize("answer", ["otp", "backup"])
def test_a_call_that_is_cancelled_in_its_save_has_no_answer(answer, engine, start):
    """STO-02: the code is spent or not, but nobody is signed in who was not told so."""

    async def way():
        someone = await Someone.enrolled(engine, start)
        given = {answer: someone.code(start) if answer == "otp" else someone.backup_codes[0]}
        someone.store.arrived.clear()
        someone.store.open.clear()
        task = asyncio.create_task(someone.auth.finish_sign_in(someone.challenge, **given, now=start))
        await someone.store.arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        someone.store.open.set()
        assert await someone.auth.finish_sign_in(someone.challenge, **given, now=start)

    asyncio.run(way())


def test_no_proof_leaves_before_the_save_has_said_true(engine, start):
    async def way():
        someone = await Someone.enrolled(engine, start)
        someone.store.open.clear()
        task = asyncio.create_task(
            someone.auth.finish_sign_in(someone.challenge, otp=someone.code(start), now=start)
        )
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        someone.store.open.set()
        assert (await task).method == "otp"

    asyncio.run(way())


def test_a_failing_or_blocking_store_is_a_store_fault(engine, start):
    async def way():
        someone = await Someone.enrolled(engine, start)

        def fail():
            raise OSError("disk on fire")

        someone.store.before_save = fail
        with pytest.raises(StoreFault) as caught:
            await someone.auth.finish_sign_in(someone.challenge, otp=someone.code(start), now=start)
        assert isinstance(caught.value.__cause__, OSError)
        someone.auth.store = type("Blocking", (), {"load": lambda *_: None})()
        with pytest.raises(StoreFault) as caught:
            await someone.auth.status("42", now=start)
        assert isinstance(caught.value.__cause__, TypeError)

    asyncio.run(way())


def test_a_store_of_asyncio_is_a_store_fault_of_the_blocking_one(engine, start):
    with pytest.warns(RuntimeWarning, match="never awaited"), pytest.raises(StoreFault):
        SecondFactor(engine, AsyncMemoryStore()).status("42", now=start)
