"""Servers that stop and crash: nothing is granted meanwhile, and nothing that was acknowledged is lost."""

import itertools
import threading

import any_store
import pytest

from twinlock import SecondFactor, StoreFault

SERVED = [kind for kind in any_store.KINDS if kind != "sqlite"]


@pytest.fixture(params=SERVED)
def kind(request):
    return request.param


@pytest.fixture
def server(kind, request):
    found = request.getfixturevalue("postgres" if "postgres" in kind else "redis_server")
    yield found
    if not found.answers():
        found.start()


@pytest.mark.parametrize("how", ["stop", "crash"])
def test_without_its_server_a_store_grants_nothing_and_works_afterwards(
    how, kind, server, open_store, engine, enroll, start
):
    """THR-05, STO-02: the answer that failed was not used up."""
    person = enroll(SecondFactor(engine, open_store(kind)))
    challenge, code = person.challenge(), person.phone.code(start)
    calls = [
        lambda: person.auth.finish_sign_in(challenge, otp=code, now=start),
        lambda: person.auth.finish_sign_in(challenge, backup=person.backup_codes[0], now=start),
        lambda: person.challenge(),
        lambda: person.auth.status("42", now=start),
        lambda: person.auth.disable("42", otp=code, now=start),
    ]
    getattr(server, how)()
    for call in calls:
        with pytest.raises(StoreFault) as caught:
            call()
        assert caught.value.__cause__ is not None
        assert code not in str(caught.value)
    server.start()
    assert person.auth.finish_sign_in(challenge, otp=code, now=start).method == "otp"
    assert person.auth.status("42", now=start).failures_today == 0


def test_a_server_that_stops_between_load_and_save_grants_nothing(
    kind, server, open_store, engine, enroll, start
):
    """STO-02"""
    store = open_store(kind)
    person = enroll(SecondFactor(engine, store))
    challenge, code = person.challenge(), person.phone.code(start)
    person.auth.store = Watched(store, before_save=server.crash)
    with pytest.raises(StoreFault):
        person.auth.finish_sign_in(challenge, otp=code, now=start)
    server.start()
    person.auth.store = store
    assert person.auth.finish_sign_in(challenge, otp=code, now=start).method == "otp"


class Watched:
    """A store, and what happens before each save."""

    def __init__(self, store, before_save):
        self._store = store
        self._before_save = before_save
        self.load = store.load

    def save(self, *given):
        self._before_save()
        return self._store.save(*given)


def test_a_crash_loses_nothing_that_was_acknowledged(kind, server, open_store):
    """STO-02: of what was outstanding at the crash, a row has all or nothing."""
    store, writers = open_store(kind), 4
    acknowledged = dict.fromkeys(map(str, range(writers)), 0)
    warm = threading.Barrier(writers + 1, timeout=30)

    def write(subject):
        for version in itertools.count():
            try:
                stored = store.save(subject, b"%d" % (version + 1), version)
            except Exception:
                return
            assert stored
            acknowledged[subject] = version + 1
            if version == 5:
                warm.wait()

    threads = [threading.Thread(target=write, args=(subject,)) for subject in acknowledged]
    for thread in threads:
        thread.start()
    warm.wait()
    server.crash()
    for thread in threads:
        thread.join()
    server.start()
    for subject, last in acknowledged.items():
        record, version = store.load(subject)
        assert version in (last, last + 1)
        assert record == b"%d" % version
