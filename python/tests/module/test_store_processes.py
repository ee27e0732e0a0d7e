"""Processes that share nothing but a store: none loses an update, none accepts what another has accepted."""

import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import any_store
import pytest

from twinlock import Engine, Policy, SecondFactor

PROCESSES = 8
SECONDS = 1.0
# As far from locking as it goes: most calls are to be judged, not turned away.
GENEROUS = {
    "failures_before_lock": 20,
    "lock_seconds": 1,
    "lock_seconds_max": 1,
    "failures_per_day": 100,
    "failures_per_month": 100,
    "backup_codes": 20,
}
WORKER = Path(any_store.__file__).with_name("store_worker.py")


@contextmanager
def workers(count, **told):
    """Processes that have opened the store and wait for a line."""
    children = []
    try:
        for number in range(count):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
            children.append(subprocess.Popen([sys.executable, str(WORKER)], **pipes))
            print(json.dumps({**told, "number": number}), file=children[-1].stdin)
        for child in children:
            assert child.stdout.readline() == "ready\n"
        yield children
    finally:
        for child in children:
            child.stdin.close()
            child.wait(30)
            child.stdout.close()
    assert [child.returncode for child in children] == [0] * count


def answers(children):
    """What each says after it was told to go on."""
    for child in children:
        print("go", file=child.stdin)
    return [json.loads(child.stdout.readline()) for child in children]


@pytest.mark.parametrize("kind", any_store.KINDS)
def test_sto_01_of_many_processes_one_wins_each_version(kind, place, open_store):
    """STO-01: by a conditional write, whatever the database; no lock is held between load and save."""
    where = place(kind)
    with workers(4, work="race", kind=kind, where=where) as children:
        for version in (1, 2):
            won = answers(children)
            assert won.count(True) == 1
            assert open_store(kind, where).load("raced") == (str(won.index(True)).encode(), version)


@pytest.mark.parametrize("kind", any_store.KINDS)
def test_sto_03_processes_with_mixed_calls_keep_every_invariant(
    kind, place, open_store, keys, ring, enroll, start
):
    """STO-03: no lost update, no deadlock, no double success."""
    where = place(kind)
    store = open_store(kind, where)
    auth = SecondFactor(Engine(ring, Policy("Acme", **GENEROUS)), store)
    people = {subject: enroll(auth, subject) for subject in ("1", "2", "3")}
    saves = {subject: store.load(subject)[1] for subject in people}
    told = {
        subject: {"secret": person.phone._secret, "backup_codes": person.backup_codes}
        for subject, person in people.items()
    }
    timing = {"seconds": SECONDS, "start": start, "began": time.time()}
    mixed = {"kind": kind, "where": where, "keys": keys, "policy": GENEROUS, "people": told}
    with workers(PROCESSES, work="mixed", **mixed, **timing) as children:
        reports = answers(children)
    outcomes = sum((Counter(report["outcomes"]) for report in reports), Counter())
    accepted = [tuple(what) for report in reports for what in report["accepted"]]
    now = start + int((time.time() - timing["began"]) * 300)

    assert not [outcome for outcome in outcomes if outcome.startswith("fault")], outcomes
    assert len(accepted) == len(set(accepted)), [
        what for what, times in Counter(accepted).items() if times > 1
    ]
    assert {work for _, work, _ in accepted} == {"otp", "backup"}
    assert min(outcomes[work] for work in ("wrong_code", "status", "bump", "unlock")) > 0
    for subject in people:
        won = sum(report["won"].get(subject, 0) for report in reports)
        assert store.load(subject)[1] == saves[subject] + won
        used = sum(1 for who, work, _ in accepted if (who, work) == (subject, "backup"))
        assert auth.status(subject, now=now).backup_codes_left == GENEROUS["backup_codes"] - used
