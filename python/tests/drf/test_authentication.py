"""Bearer authentication: our tokens, in our class and in simplejwt's; and no other token."""

import time

import jwt as pyjwt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIRequestFactory

NOT_VALID = {
    "detail": "Given token not valid for any token type",
    "code": "token_not_valid",
    "messages": [{"token_class": "AccessToken", "token_type": "access", "message": "Token is invalid"}],
}


def me(person, access=None, scheme="Bearer"):
    if access is not None:
        person.http.credentials(HTTP_AUTHORIZATION=f"{scheme} {access}")
    return person.http.get("/me/")


def test_an_access_token_opens_a_hosts_own_view(enrolled):
    tokens = enrolled.sign_in()
    for scheme in ("Bearer", "bearer"):
        response = me(enrolled, tokens["access"], scheme)
        assert response.status_code == 200
        assert response.json()["name"] == "alice"
        assert response.json()["claims"]["amr"] == ["pwd", "otp", "mfa"]


def test_authentication_costs_one_query(enrolled):
    tokens = enrolled.sign_in()
    with CaptureQueriesContext(connection) as queries:
        assert me(enrolled, tokens["access"]).status_code == 200
    assert len(queries) == 1


def test_no_other_scheme_and_no_header_is_our_business(enrolled):
    for header in ({}, {"HTTP_AUTHORIZATION": "Basic eDp5"}, {"HTTP_AUTHORIZATION": "Token abc"}):
        enrolled.http.credentials(**header)
        assert me(enrolled).json()["detail"] == "Authentication credentials were not provided."


def test_what_does_not_count_is_told_in_simplejwts_words(enrolled):
    tokens = enrolled.sign_in()
    assert me(enrolled, "no.token.ofours").json() == NOT_VALID
    assert me(enrolled, tokens["refresh"]).json() == NOT_VALID
    two = me(enrolled, "a b")
    assert two.status_code == 401
    assert two.json()["code"] == "bad_authorization_header"
    enrolled.clock.advance(301)
    expired = me(enrolled, tokens["access"])
    assert expired.status_code == 401
    assert expired["WWW-Authenticate"] == 'Bearer realm="api"'
    assert expired.json()["messages"][0]["message"] == "Token is expired"


def test_a_user_who_is_gone_or_inactive_is_told_so(enrolled):
    access = enrolled.sign_in()["access"]
    enrolled.user.is_active = False
    enrolled.user.save()
    inactive = me(enrolled, access)
    assert (inactive.status_code, inactive.json()) == (
        401,
        {"detail": "User is inactive", "code": "user_inactive"},
    )
    enrolled.user.delete()
    gone = me(enrolled, access)
    assert (gone.status_code, gone.json()) == (401, {"detail": "User not found", "code": "user_not_found"})


@pytest.mark.parametrize("change", ["password", "factor", "epoch"])
def test_jwt_13_tokens_die_with_the_password_and_with_the_second_factor(enrolled, change):
    """JWT-13, JWT-15: access at once, refresh at once."""
    from twinlock.django import services

    tokens = enrolled.sign_in()
    assert me(enrolled, tokens["access"]).status_code == 200
    if change == "password":
        enrolled.user.set_password("another one")
        enrolled.user.save()
    elif change == "factor":
        assert enrolled.post("totp/disable", {"otp_code": enrolled.code()}).status_code == 204
    else:
        services.bump_epoch(enrolled.user)
    assert me(enrolled, tokens["access"]).json() == NOT_VALID
    for path, body in (
        ("jwt/refresh", {"refresh": tokens["refresh"]}),
        ("jwt/verify", {"token": tokens["refresh"]}),
    ):
        response = enrolled.post(path, body)
        assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")


@pytest.mark.parametrize("change", ["deactivated", "deleted"])
def test_jwt_13_refresh_asks_whether_the_user_is_there_and_active(enrolled, change):
    refresh = enrolled.sign_in()["refresh"]
    if change == "deleted":
        enrolled.user.delete()
    else:
        enrolled.user.is_active = False
        enrolled.user.save()
    response = enrolled.post("jwt/refresh", {"refresh": refresh})
    assert (response.status_code, response.json()) == (
        401,
        {"detail": "Token is invalid", "code": "token_not_valid"},
    )


def test_enr_10_tokens_of_before_the_enrollment_are_dead(alice):
    before = alice.sign_in_by_password()
    alice.create()
    assert alice.post("totp/confirm", {"input_code": alice.code()}).status_code == 200
    assert me(alice, before["access"]).status_code == 401
    assert alice.post("jwt/refresh", {"refresh": before["refresh"]}).status_code == 401


def test_chl_01_each_kind_of_token_opens_only_its_own_door(enrolled):
    tokens = enrolled.sign_in()
    kinds = {
        "access": tokens["access"],
        "refresh": tokens["refresh"],
        "challenge": enrolled.challenge(),
    }
    opened = set()
    for kind, token in kinds.items():
        doors = {
            "bearer": me(enrolled, token),
            "refresh": enrolled.post("jwt/refresh", {"refresh": token}),
            "verify": enrolled.post("jwt/verify", {"token": token}),
            "challenge": enrolled.answer(token, otp_code=enrolled.code()),
        }
        opened |= {(kind, door) for door, response in doors.items() if response.status_code == 200}
        assert all(response.status_code in {200, 400, 401} for response in doors.values())
    assert opened == {
        ("access", "bearer"),
        ("access", "verify"),
        ("refresh", "refresh"),
        ("refresh", "verify"),
        ("challenge", "challenge"),
    }


def test_chl_06_the_challenge_holds_no_code_and_no_secret(enrolled):
    claims = pyjwt.decode(enrolled.challenge(), options={"verify_signature": False})
    assert enrolled.secret not in str(claims)
    assert enrolled.code() not in {str(value) for value in claims.values()}


def test_simplejwts_own_class_accepts_our_access_tokens(person, settings, monkeypatch):
    from rest_framework_simplejwt.authentication import JWTAuthentication
    from rest_framework_simplejwt.backends import TokenBackend
    from rest_framework_simplejwt.exceptions import InvalidToken

    key = "a signing key for both of us, 32 bytes or more"
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": {"SIGNING_KEY": key}}
    monkeypatch.setattr("rest_framework_simplejwt.state.token_backend", TokenBackend("HS256", key))
    carol = person("carol")
    carol.clock.now = int(time.time()) - 60
    carol.enroll()
    tokens = carol.sign_in()

    def authenticate(token):
        return JWTAuthentication().authenticate(
            APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {token}")
        )

    user, token = authenticate(tokens["access"])
    assert user == carol.user
    assert token["epoch"] >= 1
    with pytest.raises(InvalidToken):
        authenticate(tokens["refresh"])
