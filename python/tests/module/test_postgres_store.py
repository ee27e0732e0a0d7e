"""What PostgresStore promises beyond the rules of all stores: names, transactions, pools, sessions, forks."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from twinlock import Refused, SecondFactor, StoreFault, TransactionOpen
from twinlock.stores import PostgresStore
from twinlock.stores.postgres import CREATE_TABLE


@pytest.fixture
def database(postgres):
    """The URL of an empty database."""
    return postgres.new_database()


@pytest.fixture
def store(database):
    made = PostgresStore(database)
    made.create_table()
    yield made
    made.close()


@pytest.fixture
def other(database):
    """A connection to the same database, to look around with."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


def test_the_table_is_the_documented_one(store, other):
    assert store.save("42", b"record", 0)
    assert other.execute("SELECT subject, record, version FROM twinlock_record").fetchall() == [
        ("42", b"record", 1)
    ]
    assert 'subject text COLLATE "C" PRIMARY KEY' in CREATE_TABLE


def test_the_table_is_made_once_by_however_many(database, store):
    stores = [PostgresStore(database, table="other") for _ in range(8)]
    barrier, failed = threading.Barrier(len(stores)), []

    def make(one):
        barrier.wait()
        try:
            one.create_table()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=make, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert stores[0].save("42", b"record", 0)
    store.create_table()
    for one in stores:
        one.close()


@pytest.mark.parametrize("name", ['we"ird', "100% %s", "näme", "x; DROP TABLE y --", "A", "a.b", "{table}"])
def test_names_of_tables_and_schemas_are_quoted(database, other, name):
    other.execute(psycopg.sql.SQL("CREATE SCHEMA {}").format(psycopg.sql.Identifier(name)))
    store = PostgresStore(database, table=name, schema=name)
    store.create_table()
    assert store.save("42", b"record", 0)
    assert store.save("42", b"newer", 1)
    assert store.load("42") == (b"newer", 2)
    tables = other.execute("SELECT schemaname, tablename FROM pg_tables WHERE tablename = %s", (name,))
    assert tables.fetchall() == [(name, name)]
    store.close()


@pytest.mark.parametrize("name", ["", "nul\0", "x" * 64, "é" * 32])
def test_names_that_postgresql_would_refuse_or_cut_are_refused(name):
    for names in ({"table": name}, {"schema": name}):
        with pytest.raises(ValueError, match="1 to 63 bytes"):
            PostgresStore("", **names)


def test_constructing_a_store_connects_to_nothing():
    PostgresStore("host=127.0.0.1 port=1 dbname=none")


def test_a_missing_table_is_a_store_fault(database, engine, start):
    auth = SecondFactor(engine, PostgresStore(database))
    with pytest.raises(StoreFault) as caught:
        auth.status("42", now=start)
    assert isinstance(caught.value.__cause__, psycopg.errors.UndefinedTable)


def test_a_session_keeps_no_prepared_statement_and_no_transaction(store):
    """What a connection pooler in transaction mode needs."""
    for number in range(12):
        store.save(str(number), b"record", 0)
        store.load("1")
    assert len(store._idle) == 1
    connection = store._idle._waiting[0]
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)


def test_a_connection_that_the_server_has_ended_is_not_used(store, other):
    store.save("42", b"record", 0)
    other.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert store.save("42", b"newer", 1)
    assert store.load("42") == (b"newer", 2)
    assert len(store._idle) == 1


def test_a_failing_statement_leaves_no_connection_behind(database):
    store = PostgresStore(database)
    with pytest.raises(psycopg.errors.UndefinedTable):
        store.load("42")
    assert len(store._idle) == 0


@pytest.mark.parametrize("level", ["serializable", "repeatable read", "read committed"])
def test_a_race_is_lost_and_no_fault_at_any_isolation_level(level, database, other):
    other.execute(f"ALTER DATABASE {other.info.dbname} SET default_transaction_isolation = '{level}'")
    store = PostgresStore(database)
    store.create_table()
    assert store._run(b"SHOW transaction_isolation")[1] == (level,)
    store.save("42", b"old", 0)
    with ThreadPoolExecutor() as pool:
        with other.transaction():
            other.execute("UPDATE twinlock_record SET version = 2 WHERE subject = '42'")
            late = pool.submit(store.save, "42", b"late", 1)
            wait_for_lock(database)
        assert late.result(30) is False
    assert store.load("42") == (b"old", 2)
    store.close()


def wait_for_lock(database):
    """Until a session of the database waits for the lock of another."""
    deadline = time.monotonic() + 20
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with psycopg.connect(database, autocommit=True) as watcher:
        while watcher.execute(query).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def lender_of(kind, database):
    """Ways to bring connections of one's own, with the habits that such connections have."""
    if kind == "lasting connection":
        connection = psycopg.connect(database)
        return lambda: nullcontext(connection)
    if kind == "function":
        return lambda: psycopg.connect(database, cursor_factory=psycopg.RawCursor)
    habits = {"autocommit": True} if "autocommit" in kind else {"row_factory": dict_row}
    return ConnectionPool(database, min_size=1, kwargs=habits, open=True)


@pytest.mark.parametrize("kind", ["pool", "autocommit pool", "function", "lasting connection"])
def test_connections_that_are_lent_are_committed_and_given_back(kind, store, database, other):
    lender = lender_of(kind, database)
    lent = PostgresStore(lender)
    lent.create_table()
    assert lent.save("42", b"record", 0)
    assert not lent.save("42", b"late", 0)
    assert other.execute("SELECT version FROM twinlock_record").fetchall() == [(1,)]
    assert lent.load("42") == (b"record", 1)
    assert store.load("42") == (b"record", 1)
    if kind == "lasting connection":
        for _ in range(12):
            lent.load("42")
        connection = lender().enter_result
        assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
        connection.close()
    elif kind != "function":
        lender.close()


def test_a_save_inside_a_transaction_that_could_be_rolled_back_is_refused(store, other, engine, start):
    @contextmanager
    def lend():
        yield other

    auth = SecondFactor(engine, PostgresStore(lend))
    with other.transaction(), pytest.raises(TransactionOpen):
        auth.begin_enrollment("42", account="a", now=start)
    assert store.load("42") is None
    assert auth.begin_enrollment("42", account="a", now=start)


def test_check_says_what_can_lose_records(store, other, database):
    said = store.check()
    assert [sentence.partition(" is")[0] for sentence in said] == ["fsync"]
    other.execute(f"ALTER DATABASE {other.info.dbname} SET synchronous_commit = off")
    weak = PostgresStore(database)
    assert any("synchronous_commit" in sentence for sentence in weak.check())
    weak.close()


def test_a_store_that_was_used_before_a_fork_works_in_the_children(forked, store, engine, enroll, start):
    """FFI-07: no child writes into the connection of its parent."""
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
