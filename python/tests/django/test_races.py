"""ENR-02, VER-02, VER-05, BAK-04: many requests at once, on the real database."""

import pytest
from django.db import DatabaseError, connections
from people import Phone, at_the_same_time, enroll, make_user, sign_in

from twinlock.django import services
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _default_transactions_of_sqlite(monkeypatch):
    """The rivals' connections begin transactions as a project's do that says nothing about it."""
    monkeypatch.delitem(connections.settings["default"].get("OPTIONS", {}), "transaction_mode", raising=False)


def good(results):
    """What was granted; whatever was not, was refused and no accident."""
    others = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, Refused) for result in others), others
    return [result for result in results if not isinstance(result, Exception)]


@pytest.mark.parametrize("number", [20, 50])
def test_ver_02_one_code_at_the_same_time_signs_in_once(number):
    user = make_user()
    phone, _ = enroll(user)
    code = phone.code()
    challenges = [services.begin_sign_in(user).challenge for _ in range(number)]
    results = at_the_same_time(
        *[
            lambda challenge=challenge: services.finish_sign_in(challenge, otp=code)
            for challenge in challenges
        ]
    )
    assert len(good(results)) == 1


def test_bak_04_one_backup_code_at_the_same_time_is_used_once():
    user = make_user()
    _, codes = enroll(user)
    challenges = [services.begin_sign_in(user).challenge for _ in range(20)]
    results = at_the_same_time(
        *[
            lambda challenge=challenge: services.finish_sign_in(challenge, backup=codes[0])
            for challenge in challenges
        ]
    )
    assert len(good(results)) == 1
    assert services.status(user).backup_codes_left == 9


def test_ver_05_wrong_codes_at_the_same_time_are_all_counted():
    user = make_user()
    phone, _ = enroll(user)
    wrong = phone.wrong()
    challenges = [services.begin_sign_in(user).challenge for _ in range(50)]
    results = at_the_same_time(
        *[
            lambda challenge=challenge: services.finish_sign_in(challenge, otp=wrong)
            for challenge in challenges
        ]
    )
    assert good(results) == []
    evaluated = [refusal for refusal in results if refusal.code == "wrong_code"]
    assert len(evaluated) <= 5
    assert services.status(user).failures_in_a_row == len(evaluated)


def test_weakness_07_enr_02_fifty_setups_and_confirms_never_lose_a_device():
    """Each thread sets up and confirms at once. Whoever was told "confirmed" has the phone that signs in."""
    user = make_user()

    def set_up_and_confirm():
        phone = Phone(services.begin_enrollment(user).uri)
        return phone, services.confirm_enrollment(user, phone.code())

    for _ in range(10):
        confirmed = good(at_the_same_time(*[set_up_and_confirm] * 50))
        if confirmed:
            break
    assert len(confirmed) == 1
    phone, enrolled = confirmed[0]
    assert len(enrolled.backup_codes) == 10
    status = services.status(user)
    assert status.enabled
    assert [device.id for device in status.devices] == [enrolled.device_id]
    assert SecondFactorRecord.objects.count() == 1
    assert sign_in(user, phone)
    assert services.finish_sign_in(services.begin_sign_in(user).challenge, backup=enrolled.backup_codes[0])


def test_bak_06_regenerating_at_the_same_time_leaves_one_whole_set():
    user = make_user()
    phone, _ = enroll(user)
    code = phone.code()
    sets = good(at_the_same_time(*[lambda: services.regenerate_backup_codes(user, otp=code)] * 4))
    assert len(sets) == 1
    assert services.status(user).backup_codes_left == 10
    assert services.finish_sign_in(services.begin_sign_in(user).challenge, backup=sets[0][0])


def test_a_user_deleted_during_a_race_is_refused_and_leaves_nothing():
    user = make_user()
    calls = [lambda: services.begin_enrollment(user)] * 10
    *ours, deletion = at_the_same_time(*calls, type(user).objects.get(pk=user.pk).delete)
    good(ours)
    if isinstance(deletion, DatabaseError):  # of a record that it had not seen, or a deadlock
        user.delete()
    assert SecondFactorRecord.objects.count() == 0
