"""The contract of signing in and of tokens, row by row: status and exact body."""

import pytest
from rest_framework.test import APIClient

INVALID_CHALLENGE = "Invalid or expired challenge token."
INVALID_TOKEN = {"detail": "Token is invalid", "code": "token_not_valid"}


def test_create_without_totp_brings_tokens(alice):
    response = alice.post("jwt/create", alice.credentials)
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"is_totp_enabled", "access", "refresh"}
    assert body["is_totp_enabled"] is False


def test_create_with_totp_brings_a_challenge_and_nothing_else(enrolled):
    response = enrolled.post("jwt/create", enrolled.credentials)
    assert response.status_code == 200
    body = response.json()
    assert len(body.pop("totp_challenge_token")) <= 1024, "what clients of the contract made room for"
    assert body == {
        "is_totp_enabled": True,
        "methods": ["otp", "backup"],
        "expires_at": "2027-01-15T08:02:30Z",
        "code_sent": False,
        "gives": "sign_in",
        "trust_available": False,
    }


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"username": "nobody"}, {"password": "é" * 10}])
def test_create_with_wrong_credentials(alice, change):
    response = alice.post("jwt/create", {**alice.credentials, **change})
    assert response.status_code == 401
    assert response.json() == {"detail": "Invalid credentials.", "code": "invalid_credentials"}
    assert "WWW-Authenticate" not in response


def test_create_for_an_inactive_user(alice):
    alice.user.is_active = False
    alice.user.save()
    assert alice.post("jwt/create", alice.credentials).json()["detail"] == "Invalid credentials."


def test_create_for_an_inactive_user_of_a_backend_that_lets_all_in(alice, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    alice.user.is_active = False
    alice.user.save()
    response = alice.post("jwt/create", alice.credentials)
    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")


def test_create_answers_field_errors_in_the_contracts_shape(db):
    required = ["This field is required."]
    response = APIClient().post("/api/jwt/create/", {}, format="json")
    assert (response.status_code, response.json()) == (400, {"username": required, "password": required})


def test_a_password_keeps_its_outer_spaces(alice):
    alice.user.set_password("  edges  ")
    alice.user.save()
    assert alice.post("jwt/create", {"username": "alice", "password": "  edges  "}).status_code == 200
    assert alice.post("jwt/create", {"username": "alice", "password": "edges"}).status_code == 401


@pytest.mark.parametrize("kind", ["otp_code", "backup_code"])
def test_verify_brings_tokens(enrolled, kind):
    response = enrolled.answer(**{kind: enrolled.code() if kind == "otp_code" else enrolled.backup_codes[0]})
    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh"}
    enrolled.bearer(response.json()["access"])
    assert enrolled.get("totp/status").status_code == 200


def test_verify_wants_exactly_one_code(enrolled):
    challenge = enrolled.challenge()
    none = enrolled.answer(challenge)
    assert none.status_code == 400
    assert none.json() == {"non_field_errors": ["Either otp_code or backup_code is required."]}
    both = enrolled.answer(challenge, otp_code="123456", backup_code="x")
    assert both.status_code == 400
    assert both.json() == {"non_field_errors": ["Provide only one of otp_code or backup_code, not both."]}
    blank = enrolled.answer(challenge, otp_code="")
    assert (blank.status_code, blank.json()) == (400, {"otp_code": ["This field may not be blank."]})
    no_challenge = enrolled.post("jwt/totp/verify", {"otp_code": "123456"})
    assert no_challenge.json() == {"totp_challenge_token": ["This field is required."]}


@pytest.mark.parametrize(
    ("field", "limit"), [("totp_challenge_token", 2048), ("otp_code", 12), ("backup_code", 64)]
)
def test_verify_bounds_its_fields(enrolled, field, limit):
    body = {"totp_challenge_token": "x", "otp_code": "1", field: "1" * (limit + 1)}
    if field == "backup_code":
        del body["otp_code"]
    response = enrolled.post("jwt/totp/verify", body)
    assert response.json() == {field: [f"Ensure this field has no more than {limit} characters."]}


def test_verify_with_no_challenge_of_ours(enrolled):
    response = enrolled.answer("not.a.challenge", otp_code=enrolled.code())
    assert response.status_code == 400
    assert response.json() == {"detail": INVALID_CHALLENGE, "code": "challenge_invalid"}


def test_verify_too_late(enrolled):
    """CHL-02: a challenge ends after two minutes."""
    challenge = enrolled.challenge()
    enrolled.clock.advance(121)
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert response.status_code == 400
    assert response.json() == {"detail": INVALID_CHALLENGE, "code": "challenge_invalid"}


def test_verify_with_a_wrong_code(enrolled):
    for body in ({"otp_code": enrolled.wrong_code()}, {"backup_code": "AAAA-AAAA-AAAA-AAAA"}):
        response = enrolled.answer(**body)
        assert (response.status_code, response.json()) == (
            400,
            {"detail": "Invalid 2FA code.", "code": "wrong_code"},
        )


def test_verify_where_totp_was_turned_off_meanwhile(enrolled):
    challenge = enrolled.challenge()
    assert enrolled.post("totp/disable", {"backup_code": enrolled.backup_codes[0]}).status_code == 204
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert response.status_code == 400
    assert response.json() in (
        {"detail": "TOTP is not enabled for this user.", "code": "not_enrolled"},
        {"detail": INVALID_CHALLENGE, "code": "challenge_invalid"},
    )


@pytest.mark.parametrize(("rotate", "brought"), [(True, {"access", "refresh"}), (False, {"access"})])
def test_refresh_brings_an_access_token_and_a_refresh_token_that_rotates(enrolled, settings, rotate, brought):
    jwt = {**settings.TWINLOCK["JWT"], "ROTATE": rotate}
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": jwt}
    tokens = enrolled.sign_in()
    response = enrolled.post("jwt/refresh", {"refresh": tokens["refresh"]})
    assert response.status_code == 200
    assert set(response.json()) == brought
    enrolled.bearer(response.json()["access"])
    assert enrolled.get("totp/status").status_code == 200


def test_refresh_and_verify_with_tokens_that_do_not_count(enrolled):
    for path, field in (("jwt/refresh", "refresh"), ("jwt/verify", "token")):
        missing = enrolled.post(path)
        assert (missing.status_code, missing.json()) == (400, {field: ["This field is required."]})
        bad = enrolled.post(path, {field: "no.token.ofours"})
        assert (bad.status_code, bad.json()) == (401, INVALID_TOKEN)
        assert bad["WWW-Authenticate"] == 'Bearer realm="api"'


def test_refresh_and_verify_with_tokens_that_ended(enrolled):
    tokens = enrolled.sign_in()
    expired = {"detail": "Token is expired", "code": "token_not_valid"}
    enrolled.clock.advance(301)
    response = enrolled.post("jwt/verify", {"token": tokens["access"]})
    assert (response.status_code, response.json()) == (401, expired)
    enrolled.clock.advance(86_400)
    response = enrolled.post("jwt/refresh", {"refresh": tokens["refresh"]})
    assert (response.status_code, response.json()) == (401, expired)


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_verify_says_nothing_of_a_token_that_counts(enrolled, kind):
    response = enrolled.post("jwt/verify", {"token": enrolled.sign_in()[kind]})
    assert (response.status_code, response.json()) == (200, {})


@pytest.mark.parametrize("path", ["create", "totp/verify", "refresh", "verify"])
def test_the_common_errors_of_the_public_endpoints(db, path):
    client = APIClient()
    wrong_verb = client.get(f"/api/jwt/{path}/")
    assert wrong_verb.status_code == 405
    assert wrong_verb.json() == {"detail": 'Method "GET" not allowed.', "code": "http_method_not_allowed"}
    other = client.post(f"/api/jwt/{path}/", "x", content_type="text/plain")
    assert (other.status_code, other.json()["code"]) == (415, "unsupported_media_type")
    a_list = client.post(f"/api/jwt/{path}/", [1], format="json")
    assert a_list.status_code == 400
    assert a_list.json() == {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}
