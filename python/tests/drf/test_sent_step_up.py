"""Step-up by a code that is sent, for users who have no device: as strict as their sign-in."""

import re

import pytest
from django.core import mail

from twinlock.django import enforcement, services

POLICY = {"sent_codes": "sign_in", "fallback": "sent_code", "sent_length": 8}


@pytest.fixture
def sending(settings):
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "POLICY": POLICY,
        "CODE_SENDER": "twinlock.django.delivery.email_code",
        "STEP_UP_PURPOSES": ["payout", "export"],
        "JWT": {**settings.TWINLOCK["JWT"], "ACCESS_LIFETIME": 900},
    }


def signed_in(person):
    """Signs in by mail, an hour ago."""
    challenge = person.post("jwt/create", person.credentials).json()["totp_challenge_token"]
    tokens = person.answer(challenge, sent_code=last_code()).json()
    person.clock.advance(3600)
    person.tokens = person.post("jwt/refresh", {"refresh": tokens["refresh"]}).json()
    person.bearer(person.tokens["access"])
    return person


@pytest.fixture
def carol(sending, person):
    return signed_in(person("carol"))


def last_code():
    return re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, re.MULTILINE)[1]


def other_than(code):
    return f"{(int(code) + 1) % 10**8:08}"


def asked(person, purpose="payout"):
    response = person.post("totp/step_up/send", {"purpose": purpose})
    assert response.status_code == 200, response.json()
    return response.json()["step_up_challenge_token"]


def stepped(person, challenge, code=None, purpose="payout"):
    body = {"purpose": purpose, "step_up_challenge_token": challenge, "sent_code": code or last_code()}
    return person.post("totp/step_up", body)


def denial(person, access, purpose="payout", max_age=60):
    """What a view would say that asks for this purpose."""
    from twinlock.django.evidence import TokenEvidence

    return enforcement.Demand.of(purpose, max_age).denial(
        TokenEvidence(access, *services.verify_access(access))
    )


def test_a_view_says_that_a_sent_code_is_what_it_takes(carol):
    """API-09"""
    found = denial(carol, carol.tokens["access"])
    assert (found.code, found.more) == (
        "second_factor_required",
        {"purpose": "payout", "max_age": 60, "methods": ["sent"]},
    )


def test_a_code_is_sent_and_steps_up_for_the_one_purpose(carol):
    """API-09, JWT-14: `auth_time` moves, and the session that goes on is the caller's."""
    response = carol.post("totp/step_up/send", {"purpose": "payout"})
    assert set(response.json()) == {"code_sent", "step_up_challenge_token", "purpose", "expires_at"}
    assert response.headers["Cache-Control"] == "no-store"
    asked_at = carol.clock.now
    carol.clock.advance(10)
    body = stepped(carol, response.json()["step_up_challenge_token"]).json()
    assert set(body) == {"access", "purpose", "expires_at"}
    claims = services.engine().verify(body["access"])
    assert (claims["amr"], claims["auth_time"]) == (["pwd", "sent", "mfa"], asked_at)
    assert denial(carol, body["access"]) is None
    assert denial(carol, body["access"], "export").more["purpose"] == "export"
    assert denial(carol, body["access"], "general").more["methods"] == ["sent"]
    carol.clock.advance(61)
    assert denial(carol, body["access"]).code == "second_factor_required"


def test_the_mail_says_what_the_code_is_for(carol):
    asked(carol)
    assert "confirm what you are doing" in mail.outbox[-1].body
    assert "confirmation code" in mail.outbox[-1].subject
    assert last_code() not in mail.outbox[-1].subject


def test_the_token_dies_with_the_callers_session(carol):
    """JWT-15"""
    access = stepped(carol, asked(carol)).json()["access"]
    carol.bearer(access)
    assert [found["current"] for found in carol.get("jwt/sessions").json()["sessions"]] == [True]
    assert carol.post("jwt/logout").status_code == 204
    assert carol.get("totp/status").status_code == 401
    assert services.living_sessions(carol.user) == []


def test_a_code_is_good_once_and_wrong_ones_count(carol):
    """VER-01, VER-10, CHL-03: the tries of the challenge, and the account's budget."""
    challenge = asked(carol)
    assert stepped(carol, challenge).status_code == 200
    assert stepped(carol, challenge).json()["code"] == "challenge_spent"
    challenge, code = asked(carol), last_code()
    codes = [stepped(carol, challenge, other_than(code)).json()["code"] for _ in range(5)]
    assert codes == ["wrong_code"] * 5
    locked = stepped(carol, challenge, code)
    assert locked.status_code in (400, 429)
    assert services.status(carol.user).failures_in_a_row == 5
    carol.post("totp/step_up/send", {"purpose": "payout"})
    assert (stepped(carol, challenge).json()["code"]) in ("locked", "challenge_spent")


def test_codes_are_sent_as_seldom_as_for_a_sign_in(carol):
    """THR-07"""
    for _ in range(3):
        asked(carol)
    response = carol.post("totp/step_up/send", {"purpose": "payout"})
    assert (response.status_code, response.json()["code"]) == (429, "too_many_codes")
    assert response.headers["Retry-After"]


def test_a_challenge_is_for_its_purpose_its_session_and_its_user(carol, person):
    """CHL-07"""
    first, dave = carol.tokens, signed_in(person("dave"))
    second = signed_in(carol).tokens["access"]
    first, other = (
        carol.post("jwt/refresh", {"refresh": tokens["refresh"]}).json()["access"]
        for tokens in (first, dave.tokens)
    )
    carol.bearer(first)
    dave.bearer(other)
    challenge, code = asked(carol), last_code()
    assert stepped(carol, challenge, code, "export").json()["code"] == "challenge_invalid"
    assert stepped(dave, challenge, code).json()["code"] == "challenge_invalid"
    carol.bearer(second)
    assert stepped(carol, challenge, code).json()["code"] == "challenge_invalid"
    assert services.status(carol.user).failures_in_a_row == 0
    carol.bearer(first)
    assert stepped(carol, challenge, code).status_code == 200


def test_it_is_no_sign_in_and_a_sign_in_is_none_of_it(carol):
    """CHL-07"""
    challenge, code = asked(carol), last_code()
    assert carol.answer(challenge, sent_code=code).json()["code"] == "challenge_invalid"
    assert carol.post("jwt/totp/send", {"totp_challenge_token": challenge}).status_code == 400
    begun = carol.post("jwt/create", carol.credentials).json()["totp_challenge_token"]
    assert stepped(carol, begun).json()["code"] == "challenge_invalid"
    assert stepped(carol, "no.challenge.ofours").json()["code"] == "challenge_invalid"


def test_a_mailbox_is_no_way_around_a_device(carol):
    """ENR-05: neither to step up where there is one, nor to change how the account is protected."""
    challenge, code = asked(carol), last_code()
    for purpose in ("disable", "add_device", "set_method"):
        response = carol.post("totp/step_up/send", {"purpose": purpose})
        assert (response.status_code, response.json()["code"]) == (400, "not_enrolled")
    access = stepped(carol, challenge, code).json()["access"]
    carol.bearer(access)
    carol.create()
    carol.bearer(carol.post("totp/confirm", {"input_code": carol.code()}).json()["access"])
    response = carol.post("totp/step_up/send", {"purpose": "payout"})
    assert (response.status_code, response.json()["code"]) == (400, "method_not_allowed")


def test_who_gets_no_codes_is_sent_none(alice, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "STEP_UP_PURPOSES": ["payout"]}
    alice.sign_in_by_password()
    response = alice.post("totp/step_up/send", {"purpose": "payout"})
    assert (response.status_code, response.json()["code"]) == (400, "not_enrolled")
    assert mail.outbox == []
    assert alice.post("totp/step_up/send", {"purpose": "flight"}).status_code == 400
    alice.http.credentials()
    assert alice.post("totp/step_up/send", {"purpose": "payout"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sent_code": "12345678"}, "step_up_challenge_token"),
        ({"sent_code": "1", "otp_code": "2", "step_up_challenge_token": "x"}, "non_field_errors"),
        ({"step_up_challenge_token": "x"}, "non_field_errors"),
    ],
)
def test_a_request_that_cannot_be_is_a_400_of_its_field(carol, body, field):
    response = carol.post("totp/step_up", {"purpose": "payout", **body})
    assert (response.status_code, list(response.json())) == (400, [field])
