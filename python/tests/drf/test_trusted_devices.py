"""Trusted devices over HTTP: the cookie or the header, the list, and everything that ends the trust."""

import pytest
from rest_framework.test import APIClient

from twinlock.django import services

COOKIE = "twinlock_trust_token"
HEADER = "HTTP_X_TWINLOCK_TRUST_TOKEN"


@pytest.fixture
def trusting(settings):
    def with_(*, devices=3, **changes):
        settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"trusted_devices": devices}, **changes}

    with_()
    return with_


@pytest.fixture
def laptop(trusting, enrolled):
    """Alice on a device that is trusted from here on."""
    response = enrolled.answer(otp_code=enrolled.code(), trust_device=True, device_name="laptop")
    assert response.json()["trusted_device"] is True, response.json()
    enrolled.clock.advance(30)
    enrolled.bearer(response.json()["access"])
    return enrolled


def signs_in(person):
    """Name and password alone, with what the client holds."""
    response = person.post("jwt/create", person.credentials)
    assert response.status_code == 200, response.json()
    return response


def asks(person):
    return "totp_challenge_token" in signs_in(person).json()


def test_trust_is_given_in_a_cookie_that_no_script_reads(trusting, enrolled):
    """API-13"""
    assert enrolled.post("jwt/create", enrolled.credentials).json()["trust_available"] is True
    response = enrolled.answer(otp_code=enrolled.code(), trust_device=True, device_name="laptop")
    body = response.json()
    assert set(body) == {"access", "refresh", "trusted_device", "trust_expires_at"}
    assert body["trust_expires_at"] == "2027-02-14T08:00:30Z"
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", 2_592_000)
    assert cookie.value not in response.content.decode()


def test_with_the_cookie_the_password_is_enough_and_the_token_changes(laptop):
    """API-08: rotated at each use; a used one is worth nothing."""
    before = laptop.http.cookies[COOKIE].value
    response = signs_in(laptop)
    assert set(response.json()) == {
        "is_totp_enabled",
        "access",
        "refresh",
        "trusted_device",
        "trust_expires_at",
    }
    assert response.json()["is_totp_enabled"] is False
    after = laptop.http.cookies[COOKIE].value
    assert after != before
    assert not asks(laptop)
    laptop.http.cookies[COOKIE] = before
    response = signs_in(laptop)
    assert "totp_challenge_token" in response.json()
    assert (response.cookies[COOKIE].value, response.cookies[COOKIE]["max-age"]) == ("", 0)


def test_the_cookie_alone_opens_nothing(laptop):
    """API-13: a forged request with the cookie, and no password, gains nothing."""
    laptop.http.credentials()
    assert laptop.get("totp/status").status_code == 401
    wrong = laptop.post("jwt/create", {**laptop.credentials, "password": "wrong"})
    assert wrong.status_code == 401
    assert COOKIE not in wrong.cookies, "and takes nothing away"
    assert not asks(laptop)


def test_a_trusted_sign_in_is_no_second_factor(laptop):
    """JWT-14: amr says what was shown."""
    laptop.bearer(signs_in(laptop).json()["access"])
    claims = laptop.http.get("/me/").json()["claims"]
    assert claims["amr"] == ["pwd"]
    assert laptop.post("totp/devices").status_code == 403


def test_a_cookie_is_good_for_its_user_alone(laptop, person):
    mallory = person("mallory")
    mallory.enroll()
    mallory.http.cookies[COOKIE] = laptop.http.cookies[COOKIE].value
    assert asks(mallory)
    assert not asks(laptop)


def test_trust_is_listed_and_revoked(laptop):
    """API-08"""
    (device,) = laptop.trusted_devices()
    assert set(device) == {"id", "name", "created_at", "last_used_at", "expires_at"}
    assert device["name"] == "laptop"
    assert laptop.get("totp/status").json()["trusted_devices"] == 1
    path = f"totp/trusted_devices/{device['id']}"
    assert (laptop.delete(path).status_code, laptop.delete(path).status_code) == (204, 404)
    assert laptop.trusted_devices() == []
    assert asks(laptop)


def test_all_trust_is_revoked_at_once(laptop):
    elsewhere = APIClient()
    challenge = elsewhere.post("/api/jwt/create/", laptop.credentials, format="json").json()
    body = {"otp_code": laptop.code(), "trust_device": True}
    body["totp_challenge_token"] = challenge["totp_challenge_token"]
    assert elsewhere.post("/api/jwt/totp/verify/", body, format="json").status_code == 200
    assert len(laptop.trusted_devices()) == 2
    response = laptop.delete("totp/trusted_devices")
    assert response.status_code == 204
    assert response.cookies[COOKIE].value == ""
    assert laptop.trusted_devices() == []
    again = elsewhere.post("/api/jwt/create/", laptop.credentials, format="json")
    assert "totp_challenge_token" in again.json()


def test_another_users_trusted_devices_are_unknown(laptop, person):
    """ENR-12"""
    (device,) = laptop.trusted_devices()
    for name in ("mallory", "nobody"):
        other = person(name)
        other.enroll() if name == "mallory" else other.sign_in_by_password()
        assert other.trusted_devices() == []
        for one in (device["id"], "0" * 16, "x", "%00", "é", "x" * 500):
            response = other.delete(f"totp/trusted_devices/{one}")
            assert (response.status_code, response.json()["code"]) == (404, "device_unknown")
        assert other.delete("totp/trusted_devices").status_code == 204
    assert not asks(laptop)


@pytest.mark.parametrize("way", ["save", "update"])
def test_trust_dies_with_the_password(laptop, way, django_capture_on_commit_callbacks):
    """API-08: however the password is changed, and even where no signal tells of it."""
    user = laptop.user
    if way == "update":
        user.set_password("another")
        type(user).objects.filter(pk=user.pk).update(password=user.password)
    else:
        with django_capture_on_commit_callbacks(execute=True):
            user.set_password("another")
            user.save()
    response = laptop.post("jwt/create", {**laptop.credentials, "password": "another"})
    assert "totp_challenge_token" in response.json()
    assert response.cookies[COOKIE].value == ""
    answered = laptop.answer(response.json()["totp_challenge_token"], otp_code=laptop.code())
    laptop.bearer(answered.json()["access"])
    left = laptop.trusted_devices()
    assert len(left) == (1 if way == "update" else 0), "update() is told to nobody; the entry is only a name"


@pytest.mark.parametrize("change", ["add", "remove", "disable", "reset", "unlock"])
def test_trust_dies_with_a_change_of_the_second_factor(laptop, change):
    """API-08, ENR-09"""
    if change in ("add", "remove"):
        device, _ = laptop.add_device()
    if change == "remove":
        assert laptop.answer(otp_code=laptop.code(), trust_device=True).status_code == 200
        laptop.clock.advance(30)
        assert not asks(laptop)
        assert laptop.delete(f"totp/devices/{device}", {"otp_code": laptop.code()}).status_code == 200
    if change == "disable":
        assert laptop.post("totp/disable", {"otp_code": laptop.code()}).status_code == 204
        laptop.enroll()
    if change == "reset":
        services.admin_reset(laptop.user)
        laptop.enroll()
    if change == "unlock":
        services.unlock(laptop.user)
        assert not asks(laptop), "an unlock changes no factor"
        return
    assert asks(laptop)
    assert laptop.http.cookies[COOKIE].value == ""


def test_trust_ends(laptop):
    """API-08: after 30 days, used or not."""
    laptop.clock.advance(2_592_000 - 60)
    assert not asks(laptop)
    laptop.clock.advance(60)
    assert asks(laptop)


def test_where_the_policy_has_none_the_sign_in_stands(trusting, enrolled):
    trusting(devices=0)
    response = enrolled.answer(otp_code=enrolled.code(), trust_device=True)
    assert response.status_code == 200
    assert (response.json()["trusted_device"], set(response.json())) == (
        False,
        {"access", "refresh", "trusted_device"},
    )
    assert COOKIE not in response.cookies


def test_a_client_without_cookies_uses_a_header(trusting, enrolled):
    trusting(TRUST_HEADER="X-Twinlock-Trust-Token")
    challenge = enrolled.challenge()
    body = {"totp_challenge_token": challenge, "otp_code": enrolled.code(), "trust_device": True}
    given = enrolled.post("jwt/totp/verify", body, **{HEADER: "new"})
    assert COOKIE not in given.cookies
    token = given.json()["trust_token"]
    signed_in = enrolled.post("jwt/create", enrolled.credentials, **{HEADER: token})
    assert {"access", "trust_token"} <= set(signed_in.json())
    assert signed_in.json()["trust_token"] != token
    assert (
        "totp_challenge_token" in enrolled.post("jwt/create", enrolled.credentials, **{HEADER: token}).json()
    )
    trusting(TRUST_HEADER=None)
    token = signed_in.json()["trust_token"]
    ignored = enrolled.post("jwt/create", enrolled.credentials, **{HEADER: token})
    assert "totp_challenge_token" in ignored.json(), "the header counts only where the project named one"


def test_the_cookie_is_the_projects_to_shape(trusting, enrolled):
    trusting(
        TRUST_COOKIE_NAME="__Secure-seen",
        TRUST_COOKIE_PATH="/api/jwt/",
        TRUST_COOKIE_DOMAIN="acme.example",
        TRUST_COOKIE_SAMESITE="Strict",
    )
    response = enrolled.answer(otp_code=enrolled.code(), trust_device="true")
    cookie = response.cookies["__Secure-seen"]
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/api/jwt/", "acme.example", "Strict")


@pytest.mark.parametrize("text", ["x", "a.b.c", "a.b.c." + "0" * 64, "x" * 5000, "é", "\x00", "."])
def test_no_cookie_is_a_500(laptop, text):
    """API-03, CHL-08"""
    laptop.http.cookies[COOKIE] = text
    assert asks(laptop)


def test_a_token_with_the_mac_of_another_is_none(laptop):
    token, _, mac = laptop.http.cookies[COOKIE].value.rpartition(".")
    for forged in (token, f"{token}.", f"{token}.{mac[:-1]}0", f"{token}.{'0' * 64}", f"{token}.{mac}.{mac}"):
        laptop.http.cookies[COOKIE] = forged
        assert asks(laptop) or forged.endswith(mac)
