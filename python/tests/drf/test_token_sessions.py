"""Sessions over HTTP: refresh tokens that rotate, and what a token that comes back means."""

import pytest
from django.core import mail
from rest_framework.test import APIClient

from twinlock.django import session_store, signals
from twinlock.django.models import RefreshSession

ENDED = {"detail": "The session has ended; sign in again.", "code": "token_not_valid"}
REUSED = {
    "detail": "The refresh token was used before; its session has ended.",
    "code": "token_not_valid",
}
EXPIRED = {"detail": "Token is expired", "code": "token_not_valid"}
DAY = 86_400


@pytest.fixture
def jwt(settings):
    def change(**changes):
        settings.TWINLOCK = {**settings.TWINLOCK, "JWT": {**settings.TWINLOCK["JWT"], **changes}}

    return change


@pytest.fixture
def told():
    """Whom the signal about a reuse was about."""
    found = []

    def receiver(user, session, **_):
        found.append((user, session))

    signals.session_reused.connect(receiver)
    yield found
    signals.session_reused.disconnect(receiver)


def refresh(token, **headers):
    return APIClient().post("/api/jwt/refresh/", {"refresh": token}, format="json", **headers)


def opens(access):
    return APIClient().get("/me/", HTTP_AUTHORIZATION=f"Bearer {access}").status_code == 200


def claims(access):
    return APIClient().get("/me/", HTTP_AUTHORIZATION=f"Bearer {access}").json()["claims"]


def test_jwt_10_each_refresh_brings_the_next_token_and_the_session_goes_on(enrolled):
    tokens = enrolled.sign_in()
    seen = {tokens["refresh"]}
    for _ in range(5):
        enrolled.clock.advance(3600)
        response = refresh(tokens["refresh"])
        assert response.status_code == 200
        tokens = response.json()
        assert opens(tokens["access"])
        seen.add(tokens["refresh"])
    assert len(seen) == 6
    session = RefreshSession.objects.get(pk=claims(tokens["access"])["fam"])
    assert session.version == 6
    assert int(session.last_used_at.timestamp()) == enrolled.clock.now


def test_jwt_11_a_token_that_comes_back_ends_the_session_and_is_told_once(enrolled, told, caplog, settings):
    """JWT-11, LOG-05: event, signal, mail."""
    settings.TWINLOCK = {**settings.TWINLOCK, "NOTICES": ["session_reused"]}
    stolen = enrolled.sign_in()["refresh"]
    tokens = refresh(stolen).json()
    enrolled.clock.advance(11)
    thief = refresh(stolen, REMOTE_ADDR="203.0.113.9")
    assert (thief.status_code, thief.json()) == (401, REUSED)
    assert not opens(tokens["access"])
    for token in (tokens["refresh"], stolen):
        response = refresh(token)
        assert (response.status_code, response.json()) == (401, ENDED)
    [event] = [log for log in caplog.records if log.getMessage().startswith("session_reused")]
    assert (event.levelname, event.twinlock["address"]) == ("WARNING", "203.0.113.9")
    assert told == [(enrolled.user, event.twinlock["session"])]
    [message] = [message for message in mail.outbox if message.to == [enrolled.user.email]]
    assert "used twice" in message.body


def test_jwt_12_within_the_grace_every_tab_gets_the_one_successor(enrolled):
    token = enrolled.sign_in()["refresh"]
    first = refresh(token).json()
    enrolled.clock.advance(9)
    again = refresh(token)
    assert again.status_code == 200
    assert again.json()["refresh"] == first["refresh"], "one live successor"
    assert opens(again.json()["access"])
    assert refresh(first["refresh"]).status_code == 200


def test_jwt_12_a_grace_of_0_is_strict(enrolled, jwt):
    jwt(REUSE_GRACE=0)
    token = enrolled.sign_in()["refresh"]
    assert refresh(token).status_code == 200
    assert refresh(token).json() == REUSED


def test_jwt_09_a_session_ends_by_idleness_and_absolutely(enrolled, jwt):
    jwt(SESSION_LIFETIME=3 * DAY)
    idle = enrolled.sign_in()["refresh"]
    busy = enrolled.sign_in()["refresh"]
    for _ in range(3):
        enrolled.clock.advance(DAY - 60)
        busy = refresh(busy).json()["refresh"]
    assert refresh(idle).json() == EXPIRED
    enrolled.clock.advance(150)
    assert refresh(busy).json() == EXPIRED


def test_jwt_14_a_refresh_keeps_how_and_when_the_user_signed_in(enrolled):
    tokens = enrolled.sign_in()
    at_first = claims(tokens["access"])
    assert at_first["amr"] == ["pwd", "otp", "mfa"]
    enrolled.clock.advance(200)
    later = claims(refresh(tokens["refresh"]).json()["access"])
    same = ("amr", "auth_time", "epoch", "fam", "sub", "cred")
    assert {name: later[name] for name in same} == {name: at_first[name] for name in same}
    assert later["iat"] == at_first["iat"] + 230


def test_jwt_14_a_sign_in_without_a_second_factor_claims_none_and_has_a_session_too(alice):
    tokens = alice.sign_in_by_password()
    found = claims(tokens["access"])
    assert (found["amr"], found["auth_time"]) == (["pwd"], alice.clock.now)
    assert RefreshSession.objects.get(pk=found["fam"]).user == alice.user
    assert refresh(tokens["refresh"]).status_code == 200


def test_without_rotation_the_token_stays_and_the_session_can_be_ended(enrolled, jwt):
    jwt(ROTATE=False)
    tokens = enrolled.sign_in()
    for _ in range(3):
        enrolled.clock.advance(100)
        response = refresh(tokens["refresh"])
        assert set(response.json()) == {"access"}
    session = RefreshSession.objects.get(pk=claims(response.json()["access"])["fam"])
    assert int(session.last_used_at.timestamp()) == enrolled.clock.now
    assert enrolled.post("jwt/logout", {"refresh": tokens["refresh"]}).status_code == 204
    assert refresh(tokens["refresh"]).json() == ENDED
    assert not opens(response.json()["access"])


def test_sessions_go_on_as_they_began_when_rotation_is_switched(enrolled, jwt):
    rotating = enrolled.sign_in()["refresh"]
    jwt(ROTATE=False)
    plain = enrolled.sign_in()["refresh"]
    assert set(refresh(rotating).json()) == {"access", "refresh"}
    jwt(ROTATE=True)
    assert set(refresh(plain).json()) == {"access"}


def test_a_sliding_token_opens_views_and_is_exchanged_while_it_lives(enrolled, jwt):
    jwt(SLIDING=True)
    answer = enrolled.answer(otp_code=enrolled.code())
    assert set(answer.json()) == {"token"}
    token = answer.json()["token"]
    assert opens(token)
    enrolled.clock.advance(200)
    response = enrolled.post("jwt/refresh_sliding", {"token": token})
    assert (response.status_code, set(response.json())) == (200, {"token"})
    token = response.json()["token"]
    assert enrolled.post("jwt/verify", {"token": token}).status_code == 200
    assert enrolled.post("jwt/logout", {"refresh": token}).status_code == 204
    assert not opens(token)
    assert enrolled.post("jwt/refresh_sliding", {"token": token}).json() == ENDED


def test_a_sliding_token_ends_with_its_sign_in_and_counts_only_where_they_are_on(enrolled, jwt):
    jwt(SLIDING=True, REFRESH_LIFETIME=500)
    token = enrolled.answer(otp_code=enrolled.code()).json()["token"]
    enrolled.clock.advance(290)
    token = enrolled.post("jwt/refresh_sliding", {"token": token}).json()["token"]
    jwt(SLIDING=False)
    assert not opens(token)
    enrolled.clock.advance(211)
    assert enrolled.post("jwt/refresh_sliding", {"token": token}).json() == EXPIRED


def test_verify_says_of_a_refresh_token_what_refresh_would_and_uses_nothing_up(enrolled):
    old = enrolled.sign_in()["refresh"]
    for _ in range(3):
        assert enrolled.post("jwt/verify", {"token": old}).status_code == 200
    new = refresh(old).json()["refresh"]
    enrolled.clock.advance(11)
    assert enrolled.post("jwt/verify", {"token": old}).json() == REUSED
    assert enrolled.post("jwt/verify", {"token": new}).status_code == 200
    assert refresh(new).status_code == 200


def test_a_lost_race_without_end_is_a_429(enrolled, monkeypatch):
    token = enrolled.sign_in()["refresh"]
    with monkeypatch.context() as patch:
        patch.setattr(session_store, "replace", lambda *_, **__: False)
        response = refresh(token)
    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (429, "contended", "1")
    assert refresh(token).status_code == 200, "nothing was given out, so nothing was used"
