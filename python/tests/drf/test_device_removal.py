"""Removing one of several devices ends every session; the caller goes on with a code of one that is left."""

import pyotp
import pytest
from django.db import OperationalError

from twinlock.django import services
from twinlock.django.models import RefreshSession


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


def test_everybody_is_out_and_the_next_code_goes_on(two):
    """ENR-09: whoever is signed in by the lost device is out at once."""
    thief = two.tokens
    response = removed(two, otp_code=two.code())
    body = response.json()
    assert (response.status_code, body["enabled"], body["methods"]) == (200, True, ["otp", "backup"])
    assert response.headers["Cache-Control"] == "no-store"
    assert "access" not in body
    assert two.get("totp/status").status_code == 401
    assert two.post("jwt/refresh", {"refresh": thief["refresh"]}).status_code == 401
    two.clock.advance(30)
    signed_in = two.answer(body["totp_challenge_token"], otp_code=two.code()).json()
    two.bearer(signed_in["access"])
    assert [found["name"] for found in two.devices()] == ["Authenticator"]
    assert services.engine().verify(signed_in["access"])["amr"] == ["pwd", "otp", "mfa"]


def test_the_code_that_removed_it_signs_nobody_in(two):
    """VER-01, VER-02: it is spent."""
    code = two.code()
    token = removed(two, otp_code=code).json()["totp_challenge_token"]
    assert two.answer(token, otp_code=code).json()["code"] == "replayed"


def test_the_removed_device_signs_nobody_in(two):
    token = removed(two, otp_code=two.code()).json()["totp_challenge_token"]
    two.clock.advance(30)
    lost = pyotp.TOTP(two.tablet_secret).at(two.clock.now)
    assert two.answer(token, otp_code=lost).json()["code"] == "wrong_code"


@pytest.mark.parametrize("answer", ["its own code", "a backup code", "a step-up"])
def test_any_answer_that_removes_it_will_do(two, answer):
    body = {}
    if answer == "its own code":
        body = {"otp_code": pyotp.TOTP(two.tablet_secret).at(two.clock.now)}
    elif answer == "a backup code":
        body = {"backup_code": two.backup_codes[3]}
    else:
        stepped = two.post("totp/step_up", {"purpose": "remove_device", "otp_code": two.code()})
        two.bearer(stepped.json()["access"])
    token = removed(two, **body).json()["totp_challenge_token"]
    two.clock.advance(30)
    assert "access" in two.answer(token, otp_code=two.code()).json()


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


def test_what_was_not_stored_gives_nothing(two, monkeypatch):
    """THR-05"""
    code = two.code()

    def fail(*_):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("twinlock.django.store._update", fail)
        assert removed(two, otp_code=code).status_code == 503
    assert "totp_challenge_token" in removed(two, otp_code=code).json()
