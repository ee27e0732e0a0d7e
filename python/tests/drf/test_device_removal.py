"""Removing one of several devices ends every session but the caller's own, which goes on with new tokens."""

import pyotp
import pytest
from django.db import OperationalError

from twinlock.django import services
from twinlock.django.models import RefreshSession
from twinlock.django.store import DjangoStore


@pytest.fixture
def two(enrolled):
    """A user with two devices, signed in an hour ago; `tablet` is the one to remove."""
    enrolled.tablet, enrolled.tablet_secret = enrolled.add_device(name="tablet")
    enrolled.tokens = enrolled.sign_in()
    enrolled.clock.advance(3600)
    enrolled.tokens = enrolled.post("jwt/refresh", {"refresh": enrolled.tokens["refresh"]}).json()
    enrolled.bearer(enrolled.tokens["access"])
    return enrolled


def removed(person, **answer):
    return person.delete(f"totp/devices/{person.tablet}", answer)


def claims(access):
    return services.engine().verify(access)


def test_the_caller_goes_on_and_everybody_else_is_out(two):
    """ENR-09: whoever is signed in by the lost device is out at once."""
    before, thief = claims(two.tokens["access"]), two.tokens
    response = removed(two, otp_code=two.code(), device="laptop")
    body = response.json()
    assert (response.status_code, set(body), body["enabled"]) == (200, {"enabled", "access", "refresh"}, True)
    assert response.headers["Cache-Control"] == "no-store"
    assert two.get("totp/status").status_code == 401
    assert two.post("jwt/refresh", {"refresh": thief["refresh"]}).status_code == 401
    two.bearer(body["access"])
    assert [found["name"] for found in two.devices()] == ["Authenticator"]
    [session] = two.get("jwt/sessions").json()["sessions"]
    assert (session["current"], session["device"]) == (True, "laptop")
    assert two.post("jwt/refresh", {"refresh": body["refresh"]}).status_code == 200
    after = claims(body["access"])
    assert after["epoch"] > before["epoch"]


def test_the_new_tokens_say_of_the_sign_in_what_the_old_ones_said(two):
    """JWT-14: a removal is no sign-in, so nothing that asks for a fresh one is open by it."""
    before = claims(two.tokens["access"])
    after = claims(removed(two, otp_code=two.code()).json()["access"])
    assert {name: after[name] for name in ("amr", "auth_time")} == {
        name: before[name] for name in ("amr", "auth_time")
    }
    assert "purpose" not in after


@pytest.mark.parametrize("answer", ["its own code", "a backup code"])
def test_any_code_that_removes_it_will_do(two, answer):
    body = {"otp_code": pyotp.TOTP(two.tablet_secret).at(two.clock.now)}
    if answer == "a backup code":
        body = {"backup_code": two.backup_codes[3]}
    access = removed(two, **body).json()["access"]
    two.bearer(access)
    assert two.get("totp/status").status_code == 200
    assert claims(access)["amr"] == ["pwd", "backup" if "backup_code" in body else "otp", "mfa"]


def test_a_code_of_a_counter_device_is_spent_once_by_it(two):
    _, secret = two.add_device(kind="hotp")
    two.sign_in()
    code = pyotp.HOTP(secret).at(1)
    assert "access" in removed(two, otp_code=code).json()
    assert two.answer(otp_code=code).json()["code"] in ("wrong_code", "replayed")
    assert "access" in two.answer(otp_code=pyotp.HOTP(secret).at(2)).json()


def test_the_code_is_spent(two):
    """VER-01, VER-02: on the removal, and so on no sign-in."""
    code = two.code()
    assert "access" in removed(two, otp_code=code).json()
    assert two.answer(otp_code=code).json()["code"] == "replayed"


def test_after_a_step_up_the_next_code_goes_on(two):
    """A step-up's token is no code: it shows nothing in the new epoch."""
    stepped = two.post("totp/step_up", {"purpose": "remove_device", "otp_code": two.code()}).json()["access"]
    two.bearer(stepped)
    body = removed(two).json()
    assert (body["enabled"], body["methods"], "access" in body) == (True, ["otp", "backup"], False)
    two.clock.advance(30)
    assert "access" in two.answer(body["totp_challenge_token"], otp_code=two.code()).json()


def test_without_the_last_device_nobody_goes_on(enrolled):
    enrolled.sign_in()
    [device] = enrolled.devices()
    response = enrolled.delete(f"totp/devices/{device['id']}", {"otp_code": enrolled.code()})
    assert response.json() == {"enabled": False}


def test_a_wrong_code_gives_nothing_and_counts(two):
    """VER-10"""
    sessions = RefreshSession.objects.count()
    response = removed(two, otp_code=two.wrong_code())
    assert (response.status_code, response.json()["code"]) == (400, "wrong_code")
    assert services.status(two.user).failures_in_a_row == 1
    assert RefreshSession.objects.count() == sessions
    assert two.get("totp/status").status_code == 200


def test_whoever_loses_a_race_is_judged_again(two, monkeypatch):
    """STO-01: the proof is of the record on which the answer won."""
    save, rivals = DjangoStore.save, []

    def save_after_a_rival(store, subject, record, expected_version):
        if not rivals:
            rivals.append(True)
            services.rename_device(two.user, two.tablet, "slate")
        return save(store, subject, record, expected_version)

    monkeypatch.setattr(DjangoStore, "save", save_after_a_rival)
    two.bearer(removed(two, otp_code=two.code()).json()["access"])
    assert (rivals, [found["name"] for found in two.devices()]) == ([True], ["Authenticator"])


def test_what_was_not_stored_proves_nothing(two, monkeypatch):
    """THR-05"""
    sessions, code = RefreshSession.objects.count(), two.code()

    def fail(*_):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("twinlock.django.store._update", fail)
        assert removed(two, otp_code=code).status_code == 503
    assert RefreshSession.objects.count() == sessions
    assert "access" in removed(two, otp_code=code).json()
