"""What PostgresStore promises beyond the rules of all stores: names, transactions, pools, sessions, forks."""

import threading
from contextlib import contextmanager

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


@pytest.mark.parametrize("level", ["serializable", "repeatable read"])
def test_stricter_isolation_makes_lost_races_not_faults(level, database, engine, enroll, start):
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'")
    store = PostgresStore(database)
    store.create_table()
    assert store._run(b"SHOW default_transaction_isolation")[1] == (level,)
    store.save("42", b"0", 0)
    won, threads = [], 8

    def contend():
        for version in range(1, 30):
            won.append(store.save("42", b"x", version))

    contenders = [threading.Thread(target=contend) for _ in range(threads)]
    for thread in contenders:
        thread.start()
    for thread in contenders:
        thread.join()
    assert len(won) == threads * 29
    assert store.load("42")[1] == 1 + won.count(True)
    store.close()


def lender_of(kind, database):
    """Ways to bring connections of one's own, with the habits that such connections have."""
    if kind == "function":
        return lambda: psycopg.connect(database, cursor_factory=psycopg.RawCursor)
    habits = {"autocommit": True} if "autocommit" in kind else {"row_factory": dict_row}
    return ConnectionPool(database, min_size=1, kwargs=habits, open=True)


@pytest.mark.parametrize("kind", ["pool", "autocommit pool", "function"])
def test_connections_that_are_lent_are_committed_and_given_back(kind, store, database, other):
    lender = lender_of(kind, database)
    lent = PostgresStore(lender)
    lent.create_table()
    assert lent.save("42", b"record", 0)
    assert not lent.save("42", b"late", 0)
    assert other.execute("SELECT version FROM twinlock_record").fetchall() == [(1,)]
    assert lent.load("42") == (b"record", 1)
    assert store.load("42") == (b"record", 1)
    if not callable(lender):
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
