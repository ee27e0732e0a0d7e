"""What RedisStore promises beyond the rules of all stores: no expiry, one script, replicas, its check."""

import contextlib
import time

import pytest
import redis
from servers.redis import PrivateRedis

from twinlock import Refused, SecondFactor, StoreFault
from twinlock.stores import RedisStore


@pytest.fixture
def prefix(redis_server):
    return redis_server.new_prefix()


@pytest.fixture
def client(redis_server):
    """A connection of one's own, to look around with."""
    with redis.Redis.from_url(redis_server.url()) as made:
        yield made


@pytest.fixture
def store(redis_server, prefix):
    made = RedisStore(redis_server.url(), prefix=prefix)
    yield made
    made.close()


def test_a_record_is_the_documented_hash(store, client, prefix):
    store.save("42", b"record", 0)
    assert client.hgetall(prefix + "42") == {b"record": b"record", b"version": b"1"}


def test_a_record_never_expires(store, client, prefix):
    store.save("42", b"record", 0)
    assert client.ttl(prefix + "42") == -1
    client.expire(prefix + "42", 1000)
    store.save("42", b"newer", 1)
    assert client.ttl(prefix + "42") == -1


def test_versions_stay_exact_beyond_what_lua_numbers_hold(store, client, prefix):
    last = 2**53 + 1
    client.hset(prefix + "42", mapping={"record": b"old", "version": last})
    assert not store.save("42", b"new", last - 1)
    assert store.save("42", b"new", last)
    assert store.load("42") == (b"new", last + 1)


@pytest.mark.parametrize("replicas", [0, 1])
def test_a_server_that_forgot_its_scripts_is_told_again(replicas, redis_server, prefix, client, replica):
    store = RedisStore(redis_server.url(), prefix=prefix, replicas=replicas)
    for version in range(3):
        client.script_flush()
        assert store.save("42", b"record", version)
        assert not store.save("42", b"late", version)
    store.close()


@pytest.fixture
def replica(redis_server):
    with PrivateRedis(replica_of=redis_server) as made:
        client = redis.Redis.from_url(made.url())
        deadline = time.monotonic() + 20
        while client.info("replication")["master_link_status"] != "up":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        client.close()
        yield made


def test_a_save_that_too_few_replicas_have_grants_nothing(redis_server, prefix, engine, enroll, start):
    store = RedisStore(redis_server.url(), prefix=prefix)
    person = enroll(SecondFactor(engine, store))
    challenge, code = person.challenge(), person.phone.code(start)
    person.auth.store = RedisStore(redis_server.url(), prefix=prefix, replicas=1, timeout=0.2)
    with pytest.raises(StoreFault) as caught:
        person.auth.finish_sign_in(challenge, otp=code, now=start)
    assert "0 of 1 replicas" in str(caught.value.__cause__)
    person.auth.store.close()
    store.close()


def test_a_replica_that_is_waited_for_has_the_record(redis_server, replica, prefix):
    store = RedisStore(redis_server.url(), prefix=prefix, replicas=1)
    assert store.save("42", b"record", 0)
    reader = RedisStore(replica.url(), prefix=prefix)
    assert reader.load("42") == (b"record", 1)
    assert "this is a replica" in reader.check()[0]
    with pytest.raises(redis.ReadOnlyError):
        reader.save("42", b"newer", 1)
    reader.close()
    store.close()


@contextlib.contextmanager
def configured(client, **settings):
    """The server with other settings, for a while."""
    before = {name: client.config_get(name)[name] for name in settings}
    try:
        for name, value in settings.items():
            client.config_set(name, value)
        yield
    finally:
        for name, value in before.items():
            client.config_set(name, value)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, []),
        ({"maxmemory-policy": "volatile-lru"}, []),
        ({"maxmemory-policy": "allkeys-lru"}, ["maxmemory-policy is allkeys-lru"]),
        ({"appendfsync": "everysec"}, []),
        ({"appendfsync": "no"}, ["appendfsync is no"]),
        ({"appendonly": "no", "appendfsync": "no"}, ["appendonly is off"]),
    ],
    ids=str,
)
def test_check_says_what_can_lose_records(store, client, settings, says):
    with configured(client, **settings):
        said = store.check()
    assert [sentence.partition(":")[0] for sentence in said] == says
    deadline = time.monotonic() + 20
    while any(client.info("persistence")[f"aof_rewrite_{state}"] for state in ("in_progress", "scheduled")):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_check_works_where_settings_are_forbidden(redis_server, client, prefix):
    client.execute_command("ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", "-config")
    guest = RedisStore(redis_server.url("guest", "secret"), prefix=prefix)
    try:
        assert guest.check() == ["the server does not tell appendfsync: it must be always or everysec"]
    finally:
        guest.close()
        client.acl_deluser("guest")


def test_a_full_server_refuses_and_changes_nothing(store, client):
    store.save("42", b"record", 0)
    with configured(client, **{"maxmemory": "1", "maxmemory-policy": "noeviction"}):
        with pytest.raises(redis.ResponseError, match="maxmemory"):
            store.save("42", b"newer", 1)
        assert store.load("42") == (b"record", 1)
    assert store.save("42", b"newer", 1)


def test_a_client_that_decodes_is_refused(redis_server):
    for source in (redis_server.url() + "?decode_responses=True", redis.Redis(decode_responses=True)):
        with pytest.raises(ValueError, match="decode_responses"):
            RedisStore(source)


def test_a_client_of_ones_own_is_used_and_left_open(redis_server, client, prefix):
    store = RedisStore(client, prefix=prefix)
    assert store.save("42", b"record", 0)
    store.close()
    assert client.ping()


def test_a_client_of_the_stores_own_repeats_nothing(store):
    """A repeated save would find its own first try and call it a lost race."""
    assert store._client.get_retry().get_retries() == 0


def test_a_store_that_was_used_before_a_fork_works_in_the_children(forked, store, engine, enroll, start):
    """FFI-07"""
    person = enroll(SecondFactor(engine, store))
    challenge, code = person.challenge(), person.phone.code(start)

    def work():
        try:
            return person.auth.finish_sign_in(challenge, otp=code, now=start).method
        except Refused as refused:
            return refused.code

    outcomes = forked(work, 6)
    assert outcomes.count("otp") == 1
    assert set(outcomes) <= {"otp", "replayed", "challenge_spent", "contended"}
    assert person.auth.status("42", now=start).enabled
