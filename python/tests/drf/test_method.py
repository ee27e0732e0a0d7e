"""How a user is asked, and what all endpoints of devices have in common."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from twinlock.django import services


@pytest.fixture
def sending(settings):
    options = {"sent_codes": "sign_in", "opt_out": "allowed", "fallback": "sent_code"}
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "POLICY": options,
        "CODE_SENDER": "twinlock.django.delivery.email_code",
    }


@pytest.mark.usefixtures("sending")
def test_a_user_without_a_device_chooses_freely(alice):
    code = alice.post("jwt/create", alice.credentials).json()
    assert code["code_sent"] is True
    services.set_method(alice.user, "off")
    alice.sign_in_by_password()
    assert alice.get("totp/status").json()["method"] == "off"
    response = alice.post("totp/method", {"method": "sent"})
    assert (response.status_code, response.json()["method"]) == (200, "sent")
    refused = alice.post("totp/method", {"method": "otp"})
    assert (refused.status_code, refused.json()["code"]) == (400, "not_enrolled")


def test_the_policy_says_which_ways_there_are(alice):
    alice.sign_in_by_password()
    for method in ("sent", "off"):
        refused = alice.post("totp/method", {"method": method})
        assert (refused.status_code, refused.json()["code"]) == (400, "method_not_allowed")


@pytest.mark.usefixtures("sending")
def test_with_a_device_the_change_takes_a_code(person):
    """ENR-05"""
    alice = person("alice")
    services.set_method(alice.user, "off")
    alice.enroll()
    assert alice.post("totp/method", {"method": "sent"}).status_code == 403
    response = alice.post("totp/method", {"method": "sent", "otp_code": alice.code()})
    assert (response.status_code, response.json()["method"]) == (200, "sent")
    alice.clock.advance(30)
    begun = alice.post("jwt/create", alice.credentials).json()
    assert (begun["code_sent"], begun["methods"]) == (True, ["sent", "otp", "backup"])
    off = alice.post("totp/method", {"method": "off", "otp_code": alice.code()})
    assert (off.status_code, off.json()["code"]) == (400, "method_not_allowed")


@pytest.mark.parametrize("method", ["", None, "mail", "OTP", 1, True, ["otp"], {"otp": 1}, "\x00", "é"])
def test_a_method_that_is_none_is_an_error_of_its_field(alice, method):
    alice.sign_in_by_password()
    response = alice.post("totp/method", {"method": method})
    assert (response.status_code, list(response.json())) == (400, ["method"])
    if method in ("mail", "OTP"):
        assert response.json()["method"] == ["Must be one of: otp, sent, off."]


ENDPOINTS = (
    ("get", "totp/devices"),
    ("post", "totp/devices"),
    ("get", "totp/devices/x"),
    ("patch", "totp/devices/x"),
    ("delete", "totp/devices/x"),
    ("post", "totp/devices/x/resync"),
    ("post", "totp/method"),
    ("get", "totp/trusted_devices"),
    ("delete", "totp/trusted_devices"),
    ("delete", "totp/trusted_devices/x"),
)


@pytest.mark.parametrize(("verb", "path"), ENDPOINTS)
def test_nobody_manages_anything_without_a_token(enrolled, verb, path):
    response = getattr(APIClient(), verb)(f"/api/{path}/")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["Cache-Control"] == "no-store"
    challenge = enrolled.challenge()
    enrolled.bearer(challenge)
    assert getattr(enrolled.http, verb)(f"/api/{path}/").status_code == 401, "a challenge opens nothing"


@pytest.mark.parametrize(("verb", "path"), ENDPOINTS)
def test_other_verbs_and_bodies_are_refused_clearly(enrolled, verb, path):
    wrong = enrolled.http.put(f"/api/{path}/")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "http_method_not_allowed")
    if verb in ("get", "delete"):
        return
    for raw, kind in ((b"[1]", "application/json"), (b"{", "application/json"), (b"x", "text/plain")):
        response = enrolled.http.generic(verb.upper(), f"/api/{path}/", raw, content_type=kind)
        assert response.status_code in (400, 415)


@pytest.mark.django_db(transaction=True)
def test_every_endpoint_works_under_atomic_requests(enrolled, monkeypatch):
    """STO-02: no verdict is made inside the request's transaction."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    device, _ = enrolled.add_device(kind="hotp")
    assert enrolled.patch(f"totp/devices/{device}", {"name": "x"}).status_code == 200
    codes = {"first_code": "1", "second_code": "2"}
    assert enrolled.post(f"totp/devices/{device}/resync", codes).json()["code"] == "wrong_code"
    changed = enrolled.post("totp/method", {"method": "otp", "otp_code": enrolled.code()})
    assert changed.status_code == 200
    assert enrolled.delete("totp/trusted_devices").status_code == 204
    enrolled.clock.advance(30)
    gone = enrolled.delete(f"totp/devices/{device}", {"otp_code": enrolled.code()})
    enrolled.clock.advance(30)
    again = enrolled.answer(gone.json()["totp_challenge_token"], otp_code=enrolled.code())
    enrolled.bearer(again.json()["access"])
    assert enrolled.get("totp/status").json()["enabled"] is True


def test_devices_have_a_bucket_of_requests_of_their_own(enrolled, settings):
    """THR-07"""
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "2/hour"}
    answers = [enrolled.get("totp/devices") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "throttled"
    assert enrolled.get("totp/trusted_devices").status_code == 200
