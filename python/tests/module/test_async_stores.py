"""What the stores of asyncio promise beyond the rules of all stores: loops, cancelled tasks, what is lent."""

import asyncio
import os
import random
import subprocess
import sys
import time

import psycopg
import pytest
import redis.asyncio
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from twinlock import AsyncSecondFactor, TransactionOpen
from twinlock.stores import AsyncPostgresStore, AsyncRedisStore

KINDS = ["async postgres", "async redis"]


@pytest.fixture
def make(place):
    """Make an asyncio store of the kind, as a program would."""

    def store(kind):
        where = place(kind)
        if kind == "async redis":
            return AsyncRedisStore(where["url"], prefix=where["prefix"])
        return AsyncPostgresStore(where["url"], table=where["table"])

    return store


@pytest.mark.parametrize("kind", KINDS)
def test_one_store_serves_one_loop_after_another(kind, make, engine, start):
    store = make(kind)

    async def use(version):
        assert await store.save("42", b"record", version)
        assert await store.load("42") == (b"record", version + 1)
        await store.close()

    for version in range(3):
        asyncio.run(use(version))


@pytest.mark.parametrize("kind", KINDS)
def test_a_cancelled_call_leaves_its_answer_to_nobody(kind, make):
    """STO-02: a save that reads another's answer would take a lost race for a won one."""
    store, chance = make(kind), random.Random(1)

    async def write(subject, versions):
        record = subject.encode()
        row = await store.load(subject)
        assert row is None or row[0] == record
        won = await store.save(subject, record, row[1] if row else 0)
        versions[subject] += won

    async def way():
        versions = {str(number): 0 for number in range(4)}
        began = time.perf_counter()
        await asyncio.gather(*(write(subject, versions) for subject in versions))
        cancelled, rounds, usual = 0, 0, time.perf_counter() - began
        while rounds < 80 or (cancelled < 20 and rounds < 2000):
            tasks = [asyncio.create_task(write(subject, versions)) for subject in versions]
            began = time.perf_counter()
            await asyncio.sleep(chance.random() * usual)
            for task in tasks[:2]:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            # Anywhere within the time that calls take on this machine, which changes.
            usual = 0.9 * usual + 0.1 * (time.perf_counter() - began)
            cancelled += sum(isinstance(end, asyncio.CancelledError) for end in ended)
            rounds += 1
            assert not [end for end in ended if isinstance(end, Exception)]
        assert cancelled >= 20
        for number, (subject, won) in enumerate(versions.items()):
            record, version = await store.load(subject)
            assert record == subject.encode()
            # A cancelled save may have arrived; it was never said to have won.
            assert version >= won if number < 2 else version == won
        await store.close()

    asyncio.run(way())


@pytest.mark.parametrize("autocommit", [False, True])
def test_a_pool_of_ones_own_is_used(autocommit, place, engine, start):
    where = place("async postgres")

    async def way():
        habits = {"autocommit": autocommit, "row_factory": dict_row}
        async with AsyncConnectionPool(where["url"], min_size=1, kwargs=habits, open=False) as pool:
            store = AsyncPostgresStore(pool, table=where["table"])
            await store.create_table()
            assert await store.save("42", b"record", 0)
            assert not await store.save("42", b"late", 0)
            assert await store.load("42") == (b"record", 1)
            assert [said.partition(" ")[0] for said in await store.check()] == ["fsync"]

    asyncio.run(way())


def test_a_save_inside_a_transaction_that_could_be_rolled_back_is_refused(place, engine, start):
    where = place("async postgres")

    async def way():
        other = await psycopg.AsyncConnection.connect(where["url"], autocommit=True)

        class Lent:
            async def __aenter__(self):
                return other

            async def __aexit__(self, *_):
                return None

        auth = AsyncSecondFactor(engine, AsyncPostgresStore(Lent, table=where["table"]))
        async with other.transaction():
            with pytest.raises(TransactionOpen):
                await auth.begin_enrollment("42", account="a", now=start)
        assert await auth.begin_enrollment("42", account="a", now=start)
        await other.close()

    asyncio.run(way())


def test_a_redis_client_of_ones_own_is_used_and_left_open(redis_server):
    async def way():
        client = redis.asyncio.Redis.from_url(redis_server.url())
        store = AsyncRedisStore(client, prefix=redis_server.new_prefix())
        await client.script_flush()
        assert await store.save("42", b"record", 0)
        assert await store.check() == []
        await store.close()
        assert await client.ping()
        await client.aclose()

    asyncio.run(way())
    with pytest.raises(ValueError, match="decode_responses"):
        AsyncRedisStore(redis_server.url() + "?decode_responses=True")


@pytest.mark.parametrize(
    ("name", "driver", "extra"),
    [
        ("PostgresStore", "psycopg", "postgres"),
        ("AsyncPostgresStore", "psycopg", "postgres"),
        ("RedisStore", "redis", "redis"),
        ("AsyncRedisStore", "redis", "redis"),
    ],
)
def test_a_missing_driver_is_named_with_what_brings_it(name, driver, extra):
    code = f"import sys; sys.modules[{driver!r}] = None\nfrom twinlock.stores import {name}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert f"ImportError: {name} needs {driver}" in run.stderr
    assert f"pip install 'twinlock[{extra}]'" in run.stderr
