"""The one rule of all stores: a save changes the row only if its version is still the expected one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import any_store
import pytest

from twinlock import Refused, SecondFactor

KINDS = ["memory", "async memory", "sqlite :memory:", *any_store.KINDS]


@pytest.fixture(params=KINDS)
def store(request, open_store):
    return open_store(request.param)


def test_sto_01_insert_update_and_conflict(store):
    """STO-01"""
    assert store.load("42") is None
    assert store.save("42", b"one", 1) is False
    assert store.load("42") is None
    assert store.save("42", b"one", 0) is True
    assert store.load("42") == (b"one", 1)
    assert store.save("42", b"two", 0) is False
    assert store.save("42", b"two", 2) is False
    assert store.load("42") == (b"one", 1)
    assert store.save("42", b"two", 1) is True
    assert store.load("42") == (b"two", 2)
    assert store.load("43") is None


def test_subjects_are_any_text(store):
    subjects = [
        "Zoë",
        "Zoe\u0308",
        "日本",
        "'; DROP TABLE twinlock_record; --",
        "a%",
        "A",
        "a",
        "a ",
        " a",
        "x" * 255,
    ]
    for subject in subjects:
        assert store.save(subject, subject.encode(), 0)
    for subject in subjects:
        assert store.load(subject) == (subject.encode(), 1)


def test_a_subject_with_nul_is_never_another_one(store):
    """The engine refuses such subjects; a store keeps them apart or says that it cannot."""
    assert store.save("4", b"short", 0)
    try:
        assert store.load("4\x002") is None
        assert store.save("4\x002", b"long", 0)
        assert store.load("4\x002") == (b"long", 1)
    except Exception as error:
        assert "NUL" in str(error)  # noqa: PT017
    assert store.load("4") == (b"short", 1)


@pytest.mark.parametrize(
    "record",
    [bytes(range(256)), b"\0", b"\0" * 5000, b"\xff\xfe", b"%s\\x00'", b"x" * 1_000_000],
    ids=["every byte", "NUL", "many NULs", "no text", "quotes", "a megabyte"],
)
def test_bytes_come_back_as_they_were(store, record):
    assert store.save("42", record, 0)
    assert store.load("42") == (record, 1)
    assert store.save("42", record[::-1], 1)
    loaded, version = store.load("42")
    assert (loaded, version) == (record[::-1], 2)
    assert type(loaded) is bytes
    assert type(version) is int


def test_versions_count_every_save(store):
    for version in range(12):
        assert store.save("42", b"%d" % version, version)
        assert not store.save("42", b"late", version)
    assert store.load("42") == (b"11", 12)


def race(store, contenders=16):
    """How many of many threads win a save from version 0."""
    barrier = threading.Barrier(contenders)

    def contend(number):
        barrier.wait()
        return store.save("42", b"%d" % number, 0)

    with ThreadPoolExecutor(contenders) as pool:
        return sum(pool.map(contend, range(contenders)))


def test_sto_01_one_of_many_threads_wins(store):
    """STO-01"""
    assert race(store) == 1
    assert store.load("42")[1] == 1


def test_many_threads_and_one_code_make_one_proof(store, engine, enroll, start):
    """VER-02"""
    person = enroll(SecondFactor(engine, store))
    for step in range(3):
        now = start + 30 * step
        code, contenders = person.phone.code(now), 16
        challenges = [person.challenge(now) for _ in range(contenders)]
        barrier = threading.Barrier(contenders)

        def attempt(challenge, code=code, now=now, barrier=barrier):
            barrier.wait()
            try:
                return person.auth.finish_sign_in(challenge, otp=code, now=now).method
            except Refused as refused:
                return refused.code

        with ThreadPoolExecutor(contenders) as pool:
            outcomes = list(pool.map(attempt, challenges))
        assert outcomes.count("otp") == 1
        assert set(outcomes) <= {"otp", "replayed", "contended", "locked"}
        person.auth.unlock("42", now=now)
