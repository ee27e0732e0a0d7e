"""The contract of the signed-in user's endpoints, row by row: status and exact body."""

import re

import pyotp
import pytest
from django.urls import reverse
from rest_framework.test import APIClient

import twinlock

NO_SECRET = {"detail": "User does not have an associated TOTP secret.", "code": "not_enrolled"}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("totp-create", "/api/totp/create/"),
        ("totp-confirm", "/api/totp/confirm/"),
        ("totp-disable", "/api/totp/disable/"),
        ("totp-rotate-backup-codes", "/api/totp/rotate_backup_codes/"),
        ("totp-status", "/api/totp/status/"),
        ("totp-recovery-recovery", "/api/totp/recovery/"),
        ("totp-recovery-recovery-confirm", "/api/totp/recovery_confirm/"),
        ("jwt-create", "/api/jwt/create/"),
        ("jwt-totp-verify", "/api/jwt/totp/verify/"),
        ("jwt-refresh", "/api/jwt/refresh/"),
        ("jwt-verify", "/api/jwt/verify/"),
        ("api-root", "/api/"),
    ],
)
def test_the_urls_have_the_contracts_names_and_paths(name, path):
    assert reverse(name) == path


def test_the_parts_can_be_mounted_one_by_one():
    from twinlock.drf.urls import jwt, recovery, totp

    names = {
        pattern.name
        for part in (jwt, recovery, totp)
        for pattern in part.urlpatterns
        if hasattr(pattern, "name")
    }
    assert {"totp-create", "totp-recovery-recovery", "jwt-create", "api-root"} <= names


def test_the_api_root_is_empty(enrolled):
    response = enrolled.http.get("/api/")
    assert (response.status_code, response.json()) == (200, {})


def test_a_format_suffix_works(alice):
    alice.sign_in_by_password()
    assert alice.http.post("/api/totp/create.json").status_code == 201


@pytest.mark.parametrize(
    ("raw", "kind"), [(b"", ""), (b"null", "application/json"), (b"{}", "application/json")]
)
def test_create_needs_no_body(alice, raw, kind):
    alice.sign_in_by_password()
    assert alice.http.generic("POST", "/api/totp/create/", raw, content_type=kind).status_code == 201


def test_create_returns_the_qr_code_the_secret_and_the_uri(alice):
    alice.sign_in_by_password()
    response = alice.post("totp/create")
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"svg", "secret", "otpauth_uri"}
    assert re.fullmatch(r"[A-Z2-7]{32}", body["secret"])
    parsed = pyotp.parse_uri(body["otpauth_uri"])
    assert (parsed.secret, parsed.issuer, parsed.name) == (body["secret"], "Acme", "alice")
    assert body["svg"] == twinlock.qr.svg(body["otpauth_uri"])


def test_create_reads_nothing_of_the_body(alice):
    """ENR-01: a secret sent by the client is ignored."""
    alice.sign_in_by_password()
    mine = pyotp.random_base32()
    body = alice.post("totp/create", {"secret": mine, "svg": 1, "otpauth_uri": []}).json()
    assert body["secret"] != mine


def test_create_again_before_the_confirmation_makes_a_new_secret(alice):
    alice.sign_in_by_password()
    first, second = alice.create(), alice.create()
    assert first["secret"] != second["secret"]
    assert (
        alice.post(
            "totp/confirm", {"input_code": pyotp.TOTP(first["secret"]).at(alice.clock.now)}
        ).status_code
        == 400
    )
    assert alice.post("totp/confirm", {"input_code": alice.code()}).status_code == 200


def test_create_is_refused_where_totp_is_enabled(enrolled):
    response = enrolled.post("totp/create")
    assert response.status_code == 400
    assert response.json() == {
        "detail": "TOTP is already enabled. Disable the old one before creating a new one.",
        "code": "already_enrolled",
    }


def test_confirm_returns_ten_backup_codes_and_living_tokens(alice):
    alice.sign_in_by_password()
    alice.create()
    response = alice.post("totp/confirm", {"input_code": alice.code()})
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"device_id", "backup_codes", "access", "refresh"}
    assert len(set(body["backup_codes"])) == 10
    assert alice.post("jwt/verify", {"token": body["access"]}).status_code == 200
    assert alice.post("jwt/refresh", {"refresh": body["refresh"]}).status_code == 200


def test_confirm_takes_the_code_as_a_number_and_with_spaces(person):
    for index, shape in enumerate((lambda code: f" {code} ", lambda code: f"{code[:3]} {code[3:]}", int)):
        someone = person(f"person{index}")
        someone.sign_in_by_password()
        someone.create()
        while someone.code().startswith("0"):
            someone.clock.advance(30)
        assert someone.post("totp/confirm", {"input_code": shape(someone.code())}).status_code == 200


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, ["This field is required."]),
        ({"input_code": ""}, ["This field may not be blank."]),
        ({"input_code": "   "}, ["This field may not be blank."]),
        ({"input_code": None}, ["This field may not be null."]),
        ({"input_code": "1" * 13}, ["Ensure this field has no more than 12 characters."]),
        ({"input_code": True}, ["Not a valid string."]),
        ({"input_code": 1.5}, ["Not a valid string."]),
        ({"input_code": ["123456"]}, ["Not a valid string."]),
    ],
)
def test_confirm_answers_field_errors_in_the_contracts_shape(alice, body, errors):
    alice.sign_in_by_password()
    response = alice.post("totp/confirm", body)
    assert (response.status_code, response.json()) == (400, {"input_code": errors})


def test_confirm_without_a_pending_enrollment(alice):
    alice.sign_in_by_password()
    response = alice.post("totp/confirm", {"input_code": "123456"})
    assert response.status_code == 400
    assert response.json() == {**NO_SECRET, "code": "no_pending_enrollment"}


def test_confirm_where_totp_is_enabled(enrolled):
    response = enrolled.post("totp/confirm", {"input_code": enrolled.code()})
    assert response.status_code == 400
    assert response.json() == {
        "detail": "Backup codes already exist for this user.",
        "code": "already_enrolled",
    }


def test_confirm_with_a_wrong_code(alice):
    alice.sign_in_by_password()
    alice.create()
    response = alice.post("totp/confirm", {"input_code": alice.wrong_code()})
    assert (response.status_code, response.json()) == (
        400,
        {"detail": "Invalid TOTP code.", "code": "wrong_code"},
    )


def test_confirm_too_late(alice):
    """ENR-08: a pending enrollment ends after 15 minutes."""
    alice.sign_in_by_password()
    alice.create()
    alice.clock.advance(901)
    alice.sign_in_by_password()
    response = alice.post("totp/confirm", {"input_code": alice.code()})
    assert response.status_code == 400
    assert response.json()["code"] in {"enrollment_expired", "no_pending_enrollment"}


@pytest.mark.parametrize("kind", ["otp_code", "backup_code"])
def test_disable_with_a_code_of_either_kind(enrolled, kind):
    code = enrolled.code() if kind == "otp_code" else enrolled.backup_codes[0]
    response = enrolled.post("totp/disable", {kind: code})
    assert (response.status_code, response.content) == (204, b"")
    assert enrolled.post("jwt/create", enrolled.credentials).json()["is_totp_enabled"] is False


@pytest.mark.parametrize("body", [{}, {"otp_code": "123456"}])
@pytest.mark.parametrize("path", ["totp/disable", "totp/rotate_backup_codes"])
def test_disable_and_rotate_without_totp(alice, path, body):
    alice.sign_in_by_password()
    response = alice.post(path, body)
    assert (response.status_code, response.json()) == (400, NO_SECRET)


@pytest.mark.parametrize("path", ["totp/disable", "totp/rotate_backup_codes"])
def test_disable_and_rotate_with_a_wrong_code(enrolled, path):
    response = enrolled.post(path, {"otp_code": enrolled.wrong_code()})
    assert (response.status_code, response.json()) == (
        400,
        {"detail": "Invalid 2FA code.", "code": "wrong_code"},
    )


def test_rotate_returns_a_new_set(enrolled):
    response = enrolled.post("totp/rotate_backup_codes", {"otp_code": enrolled.code()})
    assert response.status_code == 200
    assert set(response.json()) == {"backup_codes"}
    new = response.json()["backup_codes"]
    assert len(set(new)) == 10
    assert not set(new) & set(enrolled.backup_codes)
    assert enrolled.answer(backup_code=enrolled.backup_codes[0]).status_code == 400
    assert enrolled.answer(backup_code=new[0]).status_code == 200


def test_the_old_behaviour_is_a_setting_named_for_its_danger(enrolled, settings):
    dangers = {"DANGER_DISABLE_WITHOUT_CODE": True, "DANGER_ROTATE_WITHOUT_CODE": True}
    settings.TWINLOCK = {**settings.TWINLOCK, **dangers}
    rotated = enrolled.post("totp/rotate_backup_codes")
    assert rotated.status_code == 200
    assert len(rotated.json()["backup_codes"]) == 10
    assert enrolled.post("totp/disable").status_code == 204
    assert enrolled.get("totp/status").status_code == 401, "the epoch moved, so the token is dead"


def test_the_status_before_and_after(alice):
    alice.sign_in_by_password()
    nothing = {
        "enabled": False,
        "pending": False,
        "devices": [],
        "backup_codes_left": 0,
        "locked_until": None,
        "methods": [],
        "pending_until": None,
        "method": None,
        "sent_codes": "off",
        "trusted_devices": 0,
        "trust_available": False,
        "required": False,
        "enrollment_due_at": None,
    }
    assert alice.get("totp/status").json() == nothing
    alice.create()
    assert alice.get("totp/status").json() == {
        **nothing,
        "pending": True,
        "pending_until": "2027-01-15T08:15:00Z",
    }
    tokens = alice.post("totp/confirm", {"input_code": alice.code()}).json()
    alice.bearer(tokens["access"])
    body = alice.get("totp/status").json()
    device = body["devices"][0]
    assert re.fullmatch(r"[0-9a-f]{24}", device.pop("id"))
    since = "2027-01-15T08:00:00Z"
    assert device == {"name": "Authenticator", "kind": "totp", "created_at": since, "last_used_at": since}
    assert {**body, "devices": []} == {
        **nothing,
        "enabled": True,
        "backup_codes_left": 10,
        "methods": ["otp", "backup"],
    }


@pytest.mark.parametrize("path", ["create", "confirm", "disable", "rotate_backup_codes"])
def test_the_common_errors_of_the_signed_in_endpoints(enrolled, path):
    anonymous = APIClient().post(f"/api/totp/{path}/")
    assert anonymous.status_code == 401
    assert anonymous["WWW-Authenticate"] == 'Bearer realm="api"'
    assert anonymous.json() == {
        "detail": "Authentication credentials were not provided.",
        "code": "not_authenticated",
    }
    wrong_verb = enrolled.http.get(f"/api/totp/{path}/")
    assert wrong_verb.status_code == 405
    assert wrong_verb.json() == {"detail": 'Method "GET" not allowed.', "code": "http_method_not_allowed"}
    if path != "create":
        other = enrolled.http.post(f"/api/totp/{path}/", "x", content_type="text/plain")
        assert other.status_code == 415
        assert other.json()["code"] == "unsupported_media_type"
        a_list = enrolled.post(f"totp/{path}", [1])
        assert a_list.status_code == 400
        assert a_list.json() == {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}
