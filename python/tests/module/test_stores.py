"""What SqliteStore promises beyond the rules of all stores: its file, its connections, its failures."""

import gc
import os
import sqlite3
import subprocess
import sys
import threading

import pytest

from twinlock import SecondFactor, StoreFault
from twinlock.stores import SqliteStore


@pytest.fixture
def path(tmp_path):
    return tmp_path / "second_factor.db"


CHILD = """
import sys
from twinlock import Engine, KeyRing, Policy, Refused, SecondFactor
from twinlock.stores import SqliteStore
keys, path, challenge, kind, answer, now = sys.argv[1:]
auth = SecondFactor(Engine(KeyRing.parse(keys), Policy("Acme")), SqliteStore(path))
print("ready", flush=True)
sys.stdin.readline()
try:
    print(auth.finish_sign_in(challenge, **{kind: answer}, now=int(now)).method)
except Refused as refused:
    print(refused.code)
"""


@pytest.mark.parametrize("kind", ["otp", "backup"])
def test_many_processes_and_one_code_make_one_proof(kind, engine, enroll, keys, start, path):
    """VER-02, BAK: the file is the only thing that the processes share."""
    person = enroll(SecondFactor(engine, SqliteStore(path)))
    answer = person.phone.code(start) if kind == "otp" else person.backup_codes[0]
    arguments = lambda: [
        sys.executable,
        "-c",
        CHILD,
        keys,
        str(path),
        person.challenge(),
        kind,
        answer,
        str(start),
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(arguments(), **pipes) for _ in range(8)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    outcomes = [child.communicate()[0].strip() for child in children]
    assert [child.returncode for child in children] == [0] * len(children)
    assert outcomes.count(kind) == 1
    assert set(outcomes) <= {kind, "replayed", "wrong_code", "contended", "locked"}


def test_the_table_is_the_documented_one(path):
    SqliteStore(path).save("42", b"record", 0)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT subject, record, version FROM twinlock_record").fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert rows == [("42", b"record", 1)]
    assert mode == ("wal",)


def test_constructing_a_store_opens_nothing(tmp_path):
    SqliteStore(tmp_path / "missing" / "x.db")
    assert os.listdir(tmp_path) == []


def test_a_relative_path_stays_where_it_was(tmp_path, monkeypatch):
    """A server that changes its folder must not start with an empty database."""
    monkeypatch.chdir(tmp_path)
    store = SqliteStore("x.db")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    store.save("42", b"record", 0)
    assert (tmp_path / "x.db").exists()
    with pytest.raises(ValueError, match="needs a path"):
        SqliteStore("")


def test_connections_are_reused_and_bounded_by_what_runs_at_once(path):
    store = SqliteStore(path)
    threads = [threading.Thread(target=store.load, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(store._idle) <= 20
    idle = len(store._idle)
    for number in range(5):
        store.load(str(number))
    assert len(store._idle) == idle
    store.close()
    assert len(store._idle) == 0
    assert store.load("42") is None


def test_a_store_that_is_dropped_closes_its_connections(path):
    store = SqliteStore(path)
    store.load("42")
    (connection,) = store._idle._waiting
    del store
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


@pytest.fixture
def unusable(path, tmp_path, request):
    """A path where SQLite cannot work, and what SQLite says."""
    if request.param == "missing folder":
        yield tmp_path / "missing" / "x.db", "unable to open database file"
        return
    if request.param == "no database":
        path.write_bytes(b"this is no SQLite file" * 100)
        yield path, "file is not a database"
        return
    SqliteStore(path).save("42", b"record", 0)
    holder = sqlite3.connect(path, isolation_level=None, timeout=0)
    holder.execute("BEGIN EXCLUSIVE")
    yield path, "database is locked"
    holder.close()


@pytest.mark.parametrize("unusable", ["missing folder", "no database", "locked"], indirect=True)
def test_what_sqlite_says_is_the_cause_of_the_store_fault(unusable, engine, start):
    where, says = unusable
    auth = SecondFactor(engine, SqliteStore(where, timeout=0.05))
    with pytest.raises(StoreFault) as caught:
        auth.begin_enrollment("7", account="a", now=start)
    assert isinstance(caught.value.__cause__, sqlite3.Error)
    assert says in str(caught.value.__cause__)


def test_a_read_only_database_grants_nothing(person, path, start):
    record, _ = person.auth.store.load("42")
    SqliteStore(path).save("42", record, 0)
    store = SqliteStore(path)
    opened = store._open
    store._open = lambda: read_only(opened())
    auth = SecondFactor(person.auth.engine, store)
    assert auth.status("42", now=start).enabled
    with pytest.raises(StoreFault) as caught:
        auth.finish_sign_in(person.challenge(), otp=person.phone.code(start), now=start)
    assert "readonly" in str(caught.value.__cause__)


def read_only(connection):
    connection.execute("PRAGMA query_only = ON")
    return connection
