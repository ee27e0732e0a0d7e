"""SecondFactor: load, decide, store, answer; a lost race runs again, a failing store grants nothing."""

import pytest

from twinlock import ArgumentFault, Engine, Policy, Refused, SecondFactor, StoreFault, TransactionOpen
from twinlock.stores import MemoryStore


class Shadow:
    """Delegates to a MemoryStore, counts, and does what a test asks for before a save."""

    def __init__(self, inner=None):
        self.inner = inner or MemoryStore()
        self.loads = self.saves = 0
        self.before_save = lambda subject: None

    def load(self, subject):
        self.loads += 1
        return self.inner.load(subject)

    def save(self, subject, record, expected_version):
        self.saves += 1
        self.before_save(subject)
        return self.inner.save(subject, record, expected_version)


@pytest.fixture
def shadowed(person):
    """A person whose store is watched from now on."""
    person.auth.store = Shadow(person.auth.store)
    return person


def test_a_sign_in_is_one_read_and_one_write(shadowed, start):
    challenge = shadowed.challenge()
    assert (shadowed.auth.store.loads, shadowed.auth.store.saves) == (1, 0)
    shadowed.auth.finish_sign_in(challenge, otp=shadowed.phone.code(start), now=start)
    assert (shadowed.auth.store.loads, shadowed.auth.store.saves) == (2, 1)
    shadowed.auth.status("42", now=start)
    assert shadowed.auth.store.saves == 1


def test_a_lost_race_is_decided_anew_on_the_newer_record(shadowed, start):
    """VER-02: the rival used the same code between our load and our save."""
    store, challenge, code = shadowed.auth.store, shadowed.challenge(), shadowed.phone.code(start)
    rival = SecondFactor(shadowed.auth.engine, store.inner)
    won = []

    def overtake(_):
        if not won:
            won.append(rival.finish_sign_in(challenge, otp=code, now=start))

    store.before_save = overtake
    with pytest.raises(Refused) as caught:
        shadowed.auth.finish_sign_in(challenge, otp=code, now=start)
    assert caught.value.code == "challenge_spent"
    assert len(won) == 1


def test_endless_races_end_as_contended_with_nothing_granted(shadowed, start):
    store = shadowed.auth.store

    def touch(subject):
        record, version = store.inner.load(subject)
        assert store.inner.save(subject, record, version)

    challenge = shadowed.challenge()
    store.before_save, store.saves = touch, 0
    with pytest.raises(Refused) as caught:
        shadowed.auth.finish_sign_in(challenge, otp=shadowed.phone.code(start), now=start)
    assert (caught.value.code, caught.value.retry_after, store.saves) == ("contended", 1, 8)
    store.before_save = lambda subject: None
    assert shadowed.auth.status("42", now=start).failures_today == 0
    assert shadowed.auth.finish_sign_in(challenge, otp=shadowed.phone.code(start), now=start)


def test_attempts_bound_the_loop(shadowed, start):
    shadowed.auth.store.save = lambda *_: False
    once = SecondFactor(shadowed.auth.engine, shadowed.auth.store, attempts=1)
    loads = shadowed.auth.store.loads
    with pytest.raises(Refused, match="at once"):
        once.bump_epoch("42", now=start)
    assert shadowed.auth.store.loads == loads + 1
    with pytest.raises(ValueError, match="at least 1"):
        SecondFactor(shadowed.auth.engine, shadowed.auth.store, attempts=0)


def broken(*_):
    raise OSError("disk on fire")


@pytest.mark.parametrize("method", ["load", "save"])
def test_a_failing_store_is_a_store_fault_with_its_cause_and_grants_nothing(shadowed, start, method):
    """STO: fail closed."""
    challenge, code = shadowed.challenge(), shadowed.phone.code(start)
    kept = getattr(shadowed.auth.store, method)
    setattr(shadowed.auth.store, method, broken)
    with pytest.raises(StoreFault) as caught:
        shadowed.auth.finish_sign_in(challenge, otp=code, now=start)
    assert isinstance(caught.value.__cause__, OSError)
    assert "fire" not in str(caught.value)
    setattr(shadowed.auth.store, method, kept)
    assert shadowed.auth.finish_sign_in(challenge, otp=code, now=start)


def test_a_load_that_returns_nonsense_is_a_store_fault(shadowed, start):
    for row in (5, b"", (), (b"",)):
        shadowed.auth.store.load = lambda _, row=row: row
        with pytest.raises(StoreFault):
            shadowed.auth.status("42", now=start)


def test_a_save_must_say_true_or_false(shadowed, start):
    challenge = shadowed.challenge()
    for said in (1, None, "yes"):
        shadowed.auth.store.save = lambda *_, said=said: said
        with pytest.raises(TypeError, match="stored must be bool"):
            shadowed.auth.finish_sign_in(challenge, otp=shadowed.phone.code(start), now=start)


def test_what_a_store_raises_of_ours_passes_as_it_is(shadowed, start):
    def in_transaction(*_):
        raise TransactionOpen

    shadowed.auth.store.load = in_transaction
    with pytest.raises(TransactionOpen):
        shadowed.auth.status("42", now=start)


def test_the_store_is_not_asked_for_what_cannot_be(shadowed):
    loads = shadowed.auth.store.loads
    for call in (
        lambda: shadowed.auth.status(""),
        lambda: shadowed.auth.finish_sign_in("no challenge", otp="1"),
        lambda: shadowed.auth.refresh("no token"),
    ):
        with pytest.raises((ArgumentFault, Refused)):
            call()
    assert shadowed.auth.store.loads == loads


def test_the_store_gets_the_subject_as_str(engine, start):
    store = Shadow()
    asked = []
    store.before_save = asked.append
    SecondFactor(engine, store).begin_enrollment("Zoë".encode(), account="a", now=start)
    assert asked == ["Zoë"]


def test_refresh_dies_with_the_epoch(person, engine, start):
    tokens = engine.mint(person.sign_in(), {"cred": "x"}, now=start)
    fresh = person.auth.refresh(tokens.refresh, now=start + 10)
    assert engine.verify(fresh.access, now=start + 10)["cred"] == "x"
    person.auth.bump_epoch("42", now=start + 20)
    with pytest.raises(Refused) as caught:
        person.auth.refresh(tokens.refresh, now=start + 21)
    assert caught.value.code == "token_invalid"


def test_backup_codes_can_be_turned_off(ring, enroll):
    auth = SecondFactor(Engine(ring, Policy("Acme", backup_codes=0)), MemoryStore())
    assert enroll(auth).backup_codes == []
