"""`totp/step_up/`, and what it is good for: the account's own sensitive actions."""

import pytest

from twinlock.django import services

SENSITIVE = [
    ("totp/disable", "disable", 204),
    ("totp/rotate_backup_codes", "regenerate_backup_codes", 200),
]


@pytest.fixture
def old(enrolled, settings):
    """A user who signed in an hour ago, with a token that still counts."""
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": {**settings.TWINLOCK["JWT"], "ACCESS_LIFETIME": 900}}
    tokens = enrolled.sign_in()
    enrolled.clock.advance(3600)
    enrolled.bearer(enrolled.post("jwt/refresh", {"refresh": tokens["refresh"]}).json()["access"])
    return enrolled


def claims(access):
    return services.engine().verify(access)


def test_a_step_up_gives_a_fresh_access_token_for_its_purpose(old):
    """API-09, JWT-14: `auth_time` moves, `amr` and the session stay true."""
    before = claims(old.http._credentials["HTTP_AUTHORIZATION"].split()[1])
    response = old.post("totp/step_up", {"purpose": "disable", "otp_code": old.code()})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert set(body) == {"access", "purpose", "expires_at"}
    after = claims(body["access"])
    assert (after["purpose"], after["auth_time"], after["amr"]) == (
        "disable",
        old.clock.now,
        ["pwd", "otp", "mfa"],
    )
    assert before["auth_time"] < old.clock.now - 3600
    assert {name: after.get(name) for name in ("sub", "fam", "cred", "epoch")} == {
        name: before.get(name) for name in ("sub", "fam", "cred", "epoch")
    }


@pytest.mark.parametrize(("path", "purpose", "status"), SENSITIVE)
def test_a_step_up_does_one_sensitive_action(old, path, purpose, status):
    """ENR-05"""
    assert old.post(path).json()["code"] == "second_factor_required"
    stepped = old.post("totp/step_up", {"purpose": purpose, "otp_code": old.code()}).json()["access"]
    old.bearer(stepped)
    for other, own, _ in SENSITIVE:
        if own != purpose:
            assert old.post(other).json()["purpose"] == own
    assert old.post(path).status_code == status


@pytest.mark.parametrize(("path", "purpose", "_"), SENSITIVE)
def test_a_token_of_an_hour_ago_and_one_of_this_minute_are_no_step_up(old, path, purpose, _):
    """ENR-05: not only a session, however young."""
    for _ in range(2):
        response = old.post(path)
        assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
        assert (response.json()["purpose"], response.json()["max_age"]) == (purpose, 600)
        old.clock.advance(30)
        old.sign_in()
    stepped = old.post("totp/step_up", {"purpose": "general", "otp_code": old.code()}).json()["access"]
    old.bearer(stepped)
    assert old.post(path).status_code == 403


def test_a_step_up_is_over_after_its_age(old):
    stepped = old.post("totp/step_up", {"purpose": "disable", "otp_code": old.code()}).json()["access"]
    old.bearer(stepped)
    old.clock.advance(601)
    assert old.post("totp/disable").json()["code"] == "second_factor_required"
    assert services.status(old.user).enabled


def test_a_step_up_by_a_backup_code_makes_no_new_ones(old):
    """BAK: whoever found one code must not get ten."""
    body = {"purpose": "regenerate_backup_codes", "backup_code": old.backup_codes[0]}
    old.bearer(old.post("totp/step_up", body).json()["access"])
    response = old.post("totp/rotate_backup_codes")
    assert (response.status_code, response.json()["methods"]) == (403, ["otp"])


def test_one_users_step_up_changes_nothing_of_another(old, person):
    bob = person("bob")
    bob.enroll()
    stepped = old.post("totp/step_up", {"purpose": "disable", "otp_code": bob.code()})
    assert stepped.json()["code"] == "wrong_code"
    stepped = old.post("totp/step_up", {"purpose": "disable", "otp_code": old.code()}).json()["access"]
    old.bearer(stepped)
    assert old.post("totp/disable", {"user": bob.user.pk, "user_id": bob.user.pk}).status_code == 204
    assert services.status(bob.user).enabled
    assert not services.status(old.user).enabled


def test_wrong_codes_count_into_the_one_budget(old):
    """VER-10"""
    body = {"purpose": "disable", "otp_code": old.wrong_code()}
    codes = [old.post("totp/step_up", body).json()["code"] for _ in range(6)]
    assert codes == ["wrong_code"] * 5 + ["locked"]
    locked = old.post("totp/step_up", {"purpose": "disable", "otp_code": old.code()})
    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert locked.headers["Retry-After"] == str(locked.json()["retry_after"])


def test_a_code_is_good_for_one_step_up(old):
    body = {"purpose": "disable", "otp_code": old.code()}
    assert old.post("totp/step_up", body).status_code == 200
    assert old.post("totp/step_up", body).json()["code"] == "replayed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"otp_code": "123456"}, "purpose"),
        ({"purpose": "payout", "otp_code": "123456"}, "purpose"),
        ({"purpose": ["disable"], "otp_code": "123456"}, "purpose"),
        ({"purpose": "x" * 65, "otp_code": "123456"}, "purpose"),
        ({"purpose": "disable"}, "non_field_errors"),
        ({"purpose": "disable", "otp_code": "1", "backup_code": "2"}, "non_field_errors"),
    ],
)
def test_a_request_that_cannot_be_is_a_400_of_its_field(enrolled, body, field):
    response = enrolled.post("totp/step_up", body)
    assert (response.status_code, list(response.json())) == (400, [field])
    assert services.status(enrolled.user).failures_today == 0


def test_without_a_factor_or_a_sign_in_there_is_no_step_up(alice):
    body = {"purpose": "disable", "otp_code": "123456"}
    assert alice.post("totp/step_up", body).status_code == 401
    alice.sign_in_by_password()
    response = alice.post("totp/step_up", body)
    assert (response.status_code, response.json()["code"]) == (400, "not_enrolled")


def test_the_first_enrollment_needs_a_recent_sign_in(alice, settings):
    """ENR-06"""
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": {**settings.TWINLOCK["JWT"], "ACCESS_LIFETIME": 900}}
    tokens = alice.sign_in_by_password()
    alice.clock.advance(600)
    assert alice.post("totp/create").status_code == 201
    alice.clock.advance(1)
    for _ in range(2):
        response = alice.post("totp/create")
        assert (response.status_code, response.json()) == (
            403,
            {"detail": "Sign in again to do this.", "code": "reauthentication_required", "max_age": 600},
        )
        alice.bearer(alice.post("jwt/refresh", {"refresh": tokens["refresh"]}).json()["access"])
    alice.sign_in_by_password()
    assert alice.post("totp/create").status_code == 201


def test_an_old_sign_in_enrolls_where_the_project_gives_that_up(alice, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "DANGER_ENROLL_ON_OLD_LOGIN": True, "ENROLLMENT_LOGIN_AGE": 30}
    alice.sign_in_by_password()
    alice.clock.advance(120)
    assert alice.post("totp/create").status_code == 201
