"""Codes that the host delivers, over HTTP: asked for, sent, answered, limited."""

import re

import pytest
from django.core import mail
from rest_framework.test import APIClient

from twinlock.django import services

WRONG = {"detail": "Invalid 2FA code.", "code": "wrong_code"}


@pytest.fixture
def sending(settings):
    def with_(**options):
        chosen = {"sent_codes": "sign_in", "fallback": "sent_code", "sent_length": 8, **options}
        settings.TWINLOCK = {
            **settings.TWINLOCK,
            "POLICY": chosen,
            "CODE_SENDER": "twinlock.django.delivery.email_code",
        }

    with_()
    return with_


@pytest.fixture
def begin(sending, alice):
    """Signs in with the password; returns the answer."""
    return lambda: alice.post("jwt/create", alice.credentials).json()


def last_code():
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]


def other_than(code):
    return f"{(int(code) + 1) % 10**8:08}"


def test_a_password_brings_a_challenge_and_a_code_by_mail(alice, begin):
    body = begin()
    assert body.pop("totp_challenge_token")
    assert body == {
        "is_totp_enabled": True,
        "methods": ["sent"],
        "expires_at": "2027-01-15T08:05:00Z",
        "code_sent": True,
        "gives": "sign_in",
        "trust_available": False,
    }
    (message,) = mail.outbox
    assert message.to == ["alice@example.com"]
    assert re.fullmatch(r"\d{8}", last_code())
    assert last_code() not in message.subject, "it shows on locked screens"


def test_the_code_signs_in_once(alice, begin):
    """VER-01"""
    challenge = begin()["totp_challenge_token"]
    assert alice.answer(challenge, sent_code=other_than(last_code())).json() == WRONG
    response = alice.answer(challenge, sent_code=f" {last_code()[:4]}-{last_code()[4:]} ")
    assert (response.status_code, set(response.json())) == (200, {"access", "refresh"})
    alice.bearer(response.json()["access"])
    assert alice.get("totp/status").json()["sent_codes"] == "sign_in"
    again = alice.answer(challenge, sent_code=last_code())
    assert (again.status_code, again.json()["code"]) == (400, "challenge_spent")


def test_a_code_belongs_to_its_challenge(alice, begin):
    first, code = begin()["totp_challenge_token"], last_code()
    second = begin()["totp_challenge_token"]
    if code != last_code():
        assert alice.answer(second, sent_code=code).json() == WRONG
    assert alice.answer(second, otp_code=last_code()).json() == WRONG, "it is no authenticator's code"
    assert alice.answer(first, sent_code=code).status_code == 200


def test_another_code_takes_the_place_of_the_one_before(alice, begin):
    challenge, code = begin()["totp_challenge_token"], last_code()
    response = alice.post("jwt/totp/send", {"totp_challenge_token": challenge})
    assert (response.status_code, response.json()) == (
        200,
        {"code_sent": True, "expires_at": "2027-01-15T08:05:00Z"},
    )
    if code != last_code():
        assert alice.answer(challenge, sent_code=code).json() == WRONG
    assert alice.answer(challenge, sent_code=last_code()).status_code == 200


def test_codes_are_few(alice, begin):
    """THR-07: three for a challenge, and three challenges with one at a time."""
    challenge = begin()["totp_challenge_token"]
    send = lambda: alice.post("jwt/totp/send", {"totp_challenge_token": challenge})
    assert [send().status_code for _ in range(3)] == [200, 200, 429]
    refused = send()
    assert refused.json()["code"] == "too_many_codes"
    assert refused["Retry-After"] == str(refused.json()["retry_after"]) == "300"
    assert [begin().get("code_sent") for _ in range(3)] == [True, True, None]
    flooded = alice.post("jwt/create", alice.credentials)
    assert (flooded.status_code, flooded.json()["code"]) == (429, "too_many_codes")
    assert len(mail.outbox) == 5
    alice.clock.advance(300)
    assert begin()["code_sent"] is True


def test_a_new_code_resets_nothing(alice, begin):
    """THR-07: wrong answers count for the challenge and for the account, however many codes are sent."""
    challenge = begin()["totp_challenge_token"]
    for number in range(4):
        assert alice.answer(challenge, sent_code=other_than(last_code())).json() == WRONG
        if number in (1, 3):
            assert alice.post("jwt/totp/send", {"totp_challenge_token": challenge}).status_code == 200
    assert alice.answer(challenge, sent_code=other_than(last_code())).status_code == 400
    assert alice.answer(challenge, sent_code=last_code()).status_code in (400, 429)
    locked = begin()
    refused = alice.answer(locked["totp_challenge_token"], sent_code=last_code())
    assert (refused.status_code, refused.json()["code"]) == (429, "locked")


def test_a_code_that_only_opens_enrollment_brings_no_tokens(alice, begin, sending):
    """ENR-11, CHL-07: the answer is a token to enroll with."""
    sending(sent_codes="enroll")
    body = begin()
    assert (body["gives"], body["methods"]) == ("enrollment", ["sent"])
    response = alice.answer(body["totp_challenge_token"], sent_code=last_code(), trust_device=True)
    assert response.status_code == 200
    assert set(response.json()) == {"enrollment_required", "enrollment_token", "expires_at"}
    token = response.json()["enrollment_token"]
    for path in ("totp/devices", "totp/status", "totp/trusted_devices"):
        alice.bearer(token)
        assert alice.get(path).status_code == 401
    assert alice.post("jwt/refresh", {"refresh": token}).status_code == 401
    again = alice.answer(body["totp_challenge_token"], sent_code=last_code())
    assert again.json()["code"] == "challenge_spent"
    alice.bearer(token)
    alice.create()
    assert alice.post("totp/confirm", {"input_code": alice.code()}).json()["backup_codes"]


def test_a_policy_that_asks_for_enrollment_brings_no_tokens(alice, begin, sending):
    """ENR-11"""
    sending(sent_codes="off", fallback="enroll")
    body = begin()
    assert set(body) == {"enrollment_required", "enrollment_token", "expires_at"}


def test_nobody_gets_around_a_device_by_mail(enrolled, sending):
    """CHL-07: with a device, codes are sent only to a user who prefers them."""
    sending()
    response = enrolled.post("jwt/totp/send", {"totp_challenge_token": enrolled.challenge()})
    assert (response.status_code, response.json()["code"]) == (400, "method_not_allowed")
    assert mail.outbox == []


@pytest.mark.parametrize("token", ["x", "a.b.c", "\ud800", "é" * 20, 5, 10**40])
def test_no_code_without_a_challenge(db, unthrottled, sending, token):
    response = APIClient().post(
        "/api/jwt/totp/send/", {"totp_challenge_token": token} if token != "\ud800" else {}, format="json"
    )
    assert response.status_code == 400
    assert response.json().get("code", "challenge_invalid") == "challenge_invalid"


def test_the_fields_of_an_answer_are_checked(alice, begin):
    """API-03"""
    challenge = begin()["totp_challenge_token"]
    for code in (None, True, 1.5, ["1"], {"a": 1}, "", "1" * 33, "12\x0034", "\x00"):
        response = alice.answer(challenge, sent_code=code)
        assert (response.status_code, list(response.json())) == (400, ["sent_code"])
    for body in ({"otp_code": "1"}, {"backup_code": "x"}):
        response = alice.answer(challenge, sent_code="12345678", **body)
        assert response.json() == {
            "non_field_errors": ["Provide only one of otp_code, backup_code and sent_code."]
        }
    for text in ("é" * 8, "１２３４５６７８", "🔑", "-", " - ", "'; --"):
        assert alice.answer(challenge, sent_code=text).status_code in (400, 429)


def test_events_and_signals_do_not_hold_the_code(alice, begin, caplog, heard_signals):
    """LOG-01, LOG-02"""
    caplog.set_level("DEBUG")
    challenge = begin()["totp_challenge_token"]
    alice.answer(challenge, sent_code=last_code())
    for _ in range(4):
        begin()
    events = [record.twinlock["event"] for record in caplog.records if record.name == "twinlock.audit"]
    assert events[:3] == ["sign_in_challenged", "code_sent", "sign_in_succeeded"]
    assert "sign_in_refused" in events
    assert "locked" not in events, "too many codes are no lock"
    assert heard_signals[:2] == ["code_sent", "totp_login_succeeded"]
    assert last_code() not in caplog.text
    assert not any(last_code() in repr(vars(record)) for record in caplog.records)


def test_what_is_stored_does_not_hold_the_code(alice, begin):
    """STO-04"""
    begin()
    row = services.second_factor().store.load(str(alice.user.pk))[0]
    assert last_code().encode() not in row
