"""One budget of guesses per account, whatever the endpoint and the kind of code, and what a lock tells."""

import datetime

import pytest

from twinlock.django import services
from twinlock.django.models import SecondFactorRecord


def exhaust(person, guesses=5):
    for _ in range(guesses):
        assert person.answer(otp_code=person.wrong_code()).status_code == 400


def test_thr_04_a_lock_answers_429_with_a_time_and_the_same_bytes_whether_the_code_was_right(enrolled):
    """THR-04, VER-06: the lock is looked at first."""
    exhaust(enrolled)
    wrong = enrolled.answer(otp_code=enrolled.wrong_code())
    right = enrolled.answer(otp_code=enrolled.code())
    backup = enrolled.answer(backup_code=enrolled.backup_codes[0])
    assert {response.status_code for response in (wrong, right, backup)} == {429}
    assert wrong.content == right.content == backup.content
    headers = [
        {name: value for name, value in response.headers.items() if name != "Date"}
        for response in (wrong, right, backup)
    ]
    assert headers[0] == headers[1] == headers[2]
    assert wrong.json() == {
        "detail": "Too many wrong codes; try again later.",
        "code": "locked",
        "retry_after": 30,
        "locked_until": datetime.datetime.fromtimestamp(
            enrolled.clock.now + 30, datetime.timezone.utc
        ).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    assert wrong["Retry-After"] == "30"
    assert enrolled.get("totp/status").json()["locked_until"] == wrong.json()["locked_until"]


def test_ver_06_the_right_code_during_a_lock_clears_nothing_and_works_after_it(enrolled):
    exhaust(enrolled)
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 429
    enrolled.clock.advance(31)
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 200


@pytest.mark.parametrize("body", ["otp_code", "backup_code"])
@pytest.mark.parametrize("path", ["totp/disable", "totp/rotate_backup_codes", "jwt/totp/verify"])
def test_ver_10_all_endpoints_and_all_kinds_share_one_budget(enrolled, path, body):
    """VER-10: the five failures are spread; the sixth answer is refused everywhere."""
    wrong = {"otp_code": enrolled.wrong_code(), "backup_code": "AAAA-AAAA-AAAA-AAAA"}
    spread = [
        enrolled.answer(otp_code=wrong["otp_code"]),
        enrolled.answer(backup_code=wrong["backup_code"]),
        enrolled.post("totp/disable", {"otp_code": wrong["otp_code"]}),
        enrolled.post("totp/disable", {"backup_code": wrong["backup_code"]}),
        enrolled.post("totp/rotate_backup_codes", {"otp_code": wrong["otp_code"]}),
    ]
    assert [response.status_code for response in spread] == [400] * 5
    right = {"otp_code": enrolled.code(), "backup_code": enrolled.backup_codes[0]}
    answer = {body: right[body]}
    if path == "jwt/totp/verify":
        answer["totp_challenge_token"] = enrolled.challenge()
    response = enrolled.post(path, answer)
    expected = 400 if (path, body) == ("totp/rotate_backup_codes", "backup_code") else 429
    assert response.status_code == expected


def test_ver_10_a_code_spent_at_one_endpoint_is_spent_at_all(enrolled):
    code = enrolled.code()
    assert enrolled.answer(otp_code=code).status_code == 200
    for path in ("totp/disable", "totp/rotate_backup_codes"):
        response = enrolled.post(path, {"otp_code": code})
        assert (response.status_code, response.json()["code"]) == (400, "replayed")


def test_enr_04_the_code_that_confirmed_signs_nobody_in(alice):
    alice.sign_in_by_password()
    alice.create()
    code = alice.code()
    assert alice.post("totp/confirm", {"input_code": code}).status_code == 200
    response = alice.answer(otp_code=code)
    assert (response.status_code, response.json()["code"]) == (400, "replayed")


def test_enr_03_a_pending_device_gates_and_satisfies_nothing(alice):
    """ENR-03: between create and confirm, every endpoint behaves as without a second factor."""
    alice.sign_in_by_password()
    alice.create()
    assert alice.post("jwt/create", alice.credentials).json()["is_totp_enabled"] is False
    for path in ("totp/disable", "totp/rotate_backup_codes"):
        response = alice.post(path, {"otp_code": alice.code()})
        assert (response.status_code, response.json()["code"]) == (400, "not_enrolled")
    assert alice.get("totp/status").json()["enabled"] is False


def test_a_lock_does_not_keep_anybody_from_the_password_step(enrolled):
    """VER-11, CHL-09: what the second factor's lock says is said only to whoever has the password."""
    exhaust(enrolled)
    assert enrolled.post("jwt/create", enrolled.credentials).status_code == 200
    wrong = enrolled.post("jwt/create", {**enrolled.credentials, "password": "wrong"})
    unknown = enrolled.post("jwt/create", {**enrolled.credentials, "username": "nobody"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content


def test_a_disabled_factor_says_so_until_it_is_unlocked(enrolled, settings):
    """VER-08."""
    policy = {"failures_before_disable": 3, "failures_before_lock": 20}
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": policy}
    exhaust(enrolled, 3)
    response = enrolled.answer(otp_code=enrolled.code())
    assert response.status_code == 429
    assert response.json()["code"] == "factor_disabled"
    services.unlock(enrolled.user)
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 200


def test_bak_03_backup_codes_are_shown_once(enrolled):
    """BAK-03, ENR-07: no later answer holds a code or the secret."""
    answers = [
        enrolled.get("totp/status"),
        enrolled.post("totp/create"),
        enrolled.post("totp/confirm", {"input_code": "1"}),
    ]
    answers += [
        enrolled.answer(otp_code=enrolled.code()),
        enrolled.post("totp/disable"),
        enrolled.http.get("/api/"),
    ]
    for response in answers:
        assert enrolled.secret.encode() not in response.content
        assert not any(code.encode() in response.content for code in enrolled.backup_codes)


def test_bak_06_a_backup_code_is_not_enough_to_make_new_ones(enrolled):
    response = enrolled.post("totp/rotate_backup_codes", {"backup_code": enrolled.backup_codes[0]})
    assert response.status_code == 400
    assert response.json() == {
        "detail": "This kind of code is not accepted here.",
        "code": "method_not_allowed",
    }
    assert enrolled.answer(backup_code=enrolled.backup_codes[0]).status_code == 200, "it was not spent"


@pytest.mark.parametrize(
    "shape", [str.lower, str.upper, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")]
)
def test_bak_07_case_spaces_and_hyphens_do_not_matter(enrolled, shape):
    assert enrolled.answer(backup_code=shape(enrolled.backup_codes[0])).status_code == 200
    assert enrolled.answer(backup_code=enrolled.backup_codes[0]).status_code == 400


def test_bak_05_a_code_works_only_for_its_own_user(enrolled, person):
    bob = person("bob")
    bob.enroll()
    assert bob.answer(backup_code=enrolled.backup_codes[0]).status_code == 400


def test_chl_03_a_challenge_is_dead_after_five_wrong_answers(enrolled, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"failures_before_lock": 20}}
    challenge = enrolled.challenge()
    for _ in range(5):
        assert enrolled.answer(challenge, otp_code=enrolled.wrong_code()).status_code == 400
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert (response.status_code, response.json()["code"]) == (400, "challenge_spent")


def test_chl_04_a_challenge_dies_with_the_password(enrolled):
    challenge = enrolled.challenge()
    enrolled.user.set_password("another one")
    enrolled.user.save()
    assert enrolled.answer(challenge, otp_code=enrolled.code()).json()["code"] == "challenge_invalid"


def test_ver_13_an_unreadable_record_is_a_503_and_no_wrong_code(enrolled):
    challenge = enrolled.challenge()
    SecondFactorRecord.objects.update(record=b"TL\x01\x01 nothing that opens")
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert response.status_code == 503
    assert response.json()["code"].startswith("envelope_")
    assert enrolled.get("totp/status").status_code == 503


def test_a_store_that_fails_is_a_503_with_a_time_to_come_back(enrolled, monkeypatch):
    from django.db import OperationalError

    from twinlock.django import store

    def fails(*args):
        raise OperationalError("the disk is full")

    challenge = enrolled.challenge()
    monkeypatch.setattr(store, "_update", fails)
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert response.status_code == 503
    assert response.json()["code"] == "store_failed"
    assert response["Retry-After"] == "5"
    assert b"disk" not in response.content


def test_a_database_that_is_down_at_the_first_factor_is_a_503_too(alice, monkeypatch):
    from django.contrib.auth.backends import ModelBackend
    from django.db import OperationalError

    def fails(*args, **kwargs):
        raise OperationalError("no route to the database")

    monkeypatch.setattr(ModelBackend, "authenticate", fails)
    response = alice.post("jwt/create", alice.credentials)
    assert (response.status_code, response.json()["code"]) == (503, "store_failed")


def test_contention_is_a_429_that_reveals_nothing(enrolled, monkeypatch):
    from twinlock.django import store

    challenge = enrolled.challenge()
    monkeypatch.setattr(store, "_update", lambda *args: False)
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (429, "contended", "1")
