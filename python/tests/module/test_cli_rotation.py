"""`python -m twinlock keygen --add`, `--promote`, `keys` and `reseal`: rotating keys, as an operator does."""

import os
import pty
import re
import sqlite3
import subprocess
import sys

import pytest

from twinlock import Engine, KeyRing, Policy, SecondFactor
from twinlock.errors import Fault
from twinlock.stores import SqliteStore


@pytest.fixture
def run(tmp_path):
    """Run a command; returns the exit code, what it printed, and what it complained about."""

    def call(*arguments, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWINLOCK_")}
        command = [sys.executable, "-m", "twinlock", *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env={**clean, **environment}
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return call


@pytest.fixture
def rotated(keys):
    """A ring with a new key before the one that sealed the records."""
    return f"{KeyRing.generate().to_text()},{keys}"


@pytest.fixture
def people(enroll, ring):
    """Put three people into a store; two of them have backup codes."""

    def fill(store):
        auth = SecondFactor(Engine(ring, Policy("Acme")), store)
        without = SecondFactor(Engine(ring, Policy("Acme", backup_codes=0)), store)
        return [enroll(auth, "alice"), enroll(auth, "bob"), enroll(without, "carol")]

    return fill


@pytest.fixture
def full(tmp_path, people):
    """A database of three people."""
    store = SqliteStore(tmp_path / "second_factor.db")
    found = people(store)
    yield found
    store.close()


def counts(out):
    return {
        key_id: (int(count), what)
        for key_id, count, what in re.findall(r"^(\w{16}) +(\d+)  (.+)$", out, re.M)
    }


def test_keys_counts_what_each_key_is_still_needed_for(run, full, rotated, ring):
    """SEA-06"""
    old = ring.ids[0]
    new = KeyRing.parse(rotated).ids[0]
    code, out, complaint = run("keys", "second_factor.db", TWINLOCK_KEYS=rotated)
    assert (code, complaint) == (0, "")
    assert counts(out) == {new: (0, "seals"), old: (3, "still needed")}
    code, _, complaint = run("keys", "second_factor.db", "--drop", old, TWINLOCK_KEYS=rotated)
    assert (code, complaint) == (1, f"still needed: {old}\n")
    assert run("keys", "second_factor.db", "--drop", new, TWINLOCK_KEYS=rotated)[0] == 1
    assert run("keys", "second_factor.db", "--drop", "0" * 16, TWINLOCK_KEYS=rotated)[0] == 2


def test_reseal_makes_the_old_key_droppable_and_the_records_open_without_it(run, full, rotated, ring, start):
    """SEA-05"""
    place = {"TWINLOCK_STORE": "sqlite:second_factor.db", "TWINLOCK_KEYS": rotated}
    old = ring.ids[0]
    code, out, _ = run("reseal", "--dry-run", **place)
    assert (code, out.splitlines()[0]) == (1, "3 records: 3 would be sealed anew, 0 left alone, 0 failed")
    code, out, complaint = run("reseal", "--batch", 2, **place)
    assert (code, complaint) == (0, "")
    assert out.splitlines()[0] == "3 records: 3 sealed anew, 0 left alone, 0 failed"
    assert counts(out)[old] == (0, "can go")
    assert run("reseal", **place)[1].startswith("3 records: 0 sealed anew, 3 left alone")
    assert run("keys", "--drop", old, **place)[0] == 0

    alice = full[0]
    only_new = SecondFactor(Engine(KeyRing.parse(rotated.split(",")[0]), Policy("Acme")), alice.auth.store)
    challenge = only_new.begin_sign_in("alice", now=start).challenge
    assert only_new.finish_sign_in(challenge, backup=alice.backup_codes[0], now=start).method == "backup"


def test_reseal_goes_on_where_it_stopped(run, full, rotated):
    arguments = ["reseal", "second_factor.db", "--after", "alice"]
    code, out, _ = run(*arguments, TWINLOCK_KEYS=rotated)
    assert (code, out.splitlines()[0]) == (1, "2 records: 2 sealed anew, 0 left alone, 0 failed")


def test_reseal_changes_the_cipher_on_the_way_to_a_fips_site(run, full, keys):
    """SEA-12"""
    place = ["second_factor.db", "--cipher", "aes-256-gcm-migrating"]
    assert run("reseal", *place, TWINLOCK_KEYS=keys)[1].startswith("3 records: 3 sealed anew")
    record, _ = full[0].auth.store.load("alice")
    assert record[3] == 2
    for arguments in (["--dry-run"], []):
        code, _, complaint = run("reseal", "second_factor.db", *arguments, TWINLOCK_KEYS=keys)
        assert (code, "say with --cipher which the site has" in complaint) == (2, True)
    assert full[0].auth.store.load("alice")[0] == record
    assert run("keys", "second_factor.db", "--cipher", "aes-256-gcm", TWINLOCK_KEYS=keys)[0] == 0


def test_records_that_cannot_be_opened_are_named_and_keep_the_key(run, full, rotated, ring, tmp_path):
    with sqlite3.connect(tmp_path / "second_factor.db") as database:
        database.execute("UPDATE twinlock_record SET record = zeroblob(80) WHERE subject = 'bob'")
    database.close()
    code, out, complaint = run("reseal", "second_factor.db", TWINLOCK_KEYS=rotated)
    assert code == 1
    assert out.startswith("3 records: 2 sealed anew, 0 left alone, 1 failed")
    assert "bob: The bytes are not a sealed envelope of a known version.\n" in complaint
    assert "1 records cannot be opened" in complaint
    assert counts(out)[ring.ids[0]] == (0, "unknown, since some cannot be opened")
    new = rotated.split(",")[0]
    code, out, complaint = run("keys", "second_factor.db", TWINLOCK_KEYS=KeyRing.generate().to_text())
    assert code == 1
    assert counts(out)[KeyRing.parse(new).ids[0]] == (2, "missing in TWINLOCK_KEYS")


def test_a_store_that_is_not_there_is_said_and_not_made(run, full, keys, tmp_path):
    for place in ("missing.db", "sqlite:///missing.db", f"sqlite:///{tmp_path}/missing.db"):
        code, out, complaint = run("keys", place, TWINLOCK_KEYS=keys)
        assert (code, out) == (2, "")
        assert complaint.startswith("twinlock keys: No such file: ")
    assert not (tmp_path / "missing.db").exists()
    assert run("keys", f"sqlite:///{tmp_path}/second_factor.db", TWINLOCK_KEYS=keys)[0] == 0
    for arguments in (
        [],
        ["ftp://host/x"],
        ["postgresql://[x"],
        ["second_factor.db", "--batch", "0"],
        ["second_factor.db", "--cipher", "none"],
    ):
        assert run("reseal", *arguments, TWINLOCK_KEYS=keys)[0] == 2
    assert run("keys", "second_factor.db")[0] == 2


def test_a_password_is_taken_from_the_environment_only_and_never_shown(run, keys):
    url = "redis://:hunter2@127.0.0.1:1/0"
    code, _, complaint = run("keys", url, TWINLOCK_KEYS=keys)
    assert (code, "hunter2" in complaint) == (2, False)
    assert "TWINLOCK_STORE" in complaint
    pytest.importorskip("redis")
    code, _, complaint = run("reseal", TWINLOCK_STORE=url, TWINLOCK_KEYS=keys)
    assert (code, "hunter2" in complaint) == (2, False)
    assert "The store could not be read or written." in complaint
    assert "Run it again to go on" in complaint


def test_a_bar_is_drawn_on_a_terminal_only(full, keys, tmp_path):
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "twinlock", "reseal", "second_factor.db"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=end, cwd=tmp_path, env={**os.environ, "TWINLOCK_KEYS": keys}
    )
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert done.returncode == 0
    assert "\rsealing anew [" + "#" * 30 + "] 100%  3" in shown
    assert "counting [" in shown


@pytest.mark.parametrize("kind", ["sqlite :memory:", "sqlite", "memory", "postgres", "redis"])
def test_every_store_lists_its_subjects_in_pages(open_store, people, kind):
    store = open_store(kind)
    assert store.subjects() == ([], "")
    people(store)
    for limit in (1, 2, 3, 1000):
        found, after = [], ""
        while True:
            page, after = store.subjects(after, limit)
            found += page
            if not after:
                break
        assert sorted(set(found)) == ["alice", "bob", "carol"]
        if kind != "redis":
            assert found == ["alice", "bob", "carol"]


@pytest.mark.parametrize("kind", ["postgres", "redis"])
def test_reseal_works_on_servers(run, place, open_store, people, rotated, kind):
    where = place(kind)
    people(open_store(kind, where))
    options = ["--table", where["table"]] if kind == "postgres" else ["--prefix", where["prefix"]]
    code, out, complaint = run("reseal", *options, TWINLOCK_STORE=where["url"], TWINLOCK_KEYS=rotated)
    assert (code, complaint) == (0, "")
    assert out.startswith("3 records: 3 sealed anew")


def test_keygen_turns_a_ring_in_two_stages(run):
    """SEA-04: first every server can open what will come, and only then one seals it."""
    code, first, _ = run("keygen")
    [old] = KeyRing.parse(first).ids
    code, both, said = run("keygen", "--add", TWINLOCK_KEYS=first)
    assert (code, KeyRing.parse(both).ids[0], len(KeyRing.parse(both).ids)) == (0, old, 2)
    new = KeyRing.parse(both).ids[1]
    assert f"keygen --promote {new}" in said
    for ring in (both, f"{both.strip()} {run('keygen')[1]}"):
        rest = [key for key in KeyRing.parse(ring).ids if key != new]
        for _ in range(2):  # what is done stays done
            code, ring, said = run("keygen", "--promote", new, TWINLOCK_KEYS=ring)
            assert (code, KeyRing.parse(ring).ids) == (0, [new, *rest])


def test_servers_of_neighbouring_stages_open_each_others_records(run):
    """SEA-04: while one is restarted, another is not."""
    before = run("keygen")[1]
    added = run("keygen", "--add", TWINLOCK_KEYS=before)[1]
    promoted = run("keygen", "--promote", KeyRing.parse(added).ids[1], TWINLOCK_KEYS=added)[1]
    before, added, promoted = (
        Engine(KeyRing.parse(keys), Policy("Acme")) for keys in (before, added, promoted)
    )
    for one, other in ((before, added), (added, before), (added, promoted), (promoted, added)):
        record = one.bump_epoch("alice", None).record
        assert other.status("alice", record).epoch > 0
    with pytest.raises(Fault, match="key"):
        before.status("alice", promoted.bump_epoch("alice", None).record)


@pytest.mark.parametrize("stage", [["--add"], ["--promote", "0c96b7654975785b"]])
def test_keygen_without_the_keys_to_turn_does_nothing(run, stage):
    for keys in ({}, {"TWINLOCK_KEYS": "nonsense"}):
        assert run("keygen", *stage, **keys)[:2] == (2, "")


def test_keygen_promotes_no_key_that_is_not_there(run):
    ring = run("keygen")[1]
    code, out, said = run("keygen", "--promote", "0c96b7654975785b", TWINLOCK_KEYS=ring)
    assert (code, out) == (2, "")
    assert KeyRing.parse(ring).ids[0] in said
    assert ring.strip() not in said
