"""The contract of the endpoints of devices and of the method: status and body."""

import pyotp
import pytest

WRONG = {"detail": "Invalid 2FA code.", "code": "wrong_code"}
NEEDED = {
    "detail": "A fresh second factor is needed for this.",
    "code": "second_factor_required",
    "methods": ["otp", "backup"],
}


def policy(settings, **options):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": options}


def stepped_up(person, purpose):
    """Makes the person's access token that of a step-up for a purpose."""
    person.sign_in()
    response = person.post("totp/step_up", {"purpose": purpose, "otp_code": person.code()})
    assert response.status_code == 200, response.json()
    person.bearer(response.json()["access"])
    person.clock.advance(30)


def test_a_further_device_is_added_and_signs_in(enrolled):
    """ENR-12: several named devices."""
    made = enrolled.post("totp/devices", {"otp_code": enrolled.code(), "name": "Zoë's tablet"})
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert set(made.json()) == {"device_id", "svg", "secret", "otpauth_uri"}
    enrolled.clock.advance(30)
    second = pyotp.TOTP(made.json()["secret"])
    confirmed = enrolled.post("totp/confirm", {"input_code": second.at(enrolled.clock.now)})
    assert confirmed.status_code == 200
    body = confirmed.json()
    assert set(body) == {"device_id", "backup_codes_left", "access", "refresh"}, "the old codes stay good"
    assert (body["device_id"], body["backup_codes_left"]) == (made.json()["device_id"], 10)
    enrolled.bearer(body["access"])
    enrolled.clock.advance(30)
    assert enrolled.answer(otp_code=second.at(enrolled.clock.now)).status_code == 200
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 200
    assert enrolled.answer(backup_code=enrolled.backup_codes[0]).status_code == 200
    first, last = enrolled.devices()
    assert (first["name"], last["name"], last["id"]) == ("Authenticator", "Zoë's tablet", body["device_id"])
    assert set(last) == {"id", "name", "kind", "created_at", "last_used_at"}


@pytest.mark.parametrize("kind", ["otp_code", "backup_code"])
def test_adding_takes_a_code_of_either_kind(enrolled, kind):
    code = enrolled.code() if kind == "otp_code" else enrolled.backup_codes[0]
    assert enrolled.post("totp/devices", {kind: code}).status_code == 201


def test_a_device_that_is_not_confirmed_changes_nothing(enrolled):
    """ENR-03: neither asks for nor passes a second factor."""
    made = enrolled.post("totp/devices", {"otp_code": enrolled.code()}).json()
    enrolled.clock.advance(30)
    code = pyotp.TOTP(made["secret"]).at(enrolled.clock.now)
    assert enrolled.answer(otp_code=code).json() == WRONG
    assert len(enrolled.devices()) == 1
    assert "secret" not in enrolled.get("totp/status").content.decode()


@pytest.mark.parametrize("call", ["add", "remove", "method"])
def test_sensitive_calls_take_a_fresh_factor(enrolled, call):
    """ENR-05: an access token alone is not enough, however young."""
    device = enrolled.devices()[0]["id"]
    purpose = {"add": "add_device", "remove": "remove_device", "method": "set_method"}[call]
    calls = {
        "add": lambda **code: enrolled.post("totp/devices", code),
        "remove": lambda **code: enrolled.delete(f"totp/devices/{device}", code),
        "method": lambda **code: enrolled.post("totp/method", {"method": "otp", **code}),
    }
    refused = calls[call]()
    assert refused.status_code == 403
    assert refused.json() == {**NEEDED, "purpose": purpose, "max_age": 600}
    assert calls[call](otp_code=enrolled.wrong_code()).json() == WRONG
    stepped_up(enrolled, "disable")
    assert calls[call]().status_code == 403
    stepped_up(enrolled, purpose)
    assert calls[call]().status_code in (200, 201)


def test_there_is_room_for_so_many(enrolled, settings):
    policy(settings, devices=2)
    enrolled.add_device()
    full = enrolled.post("totp/devices", {"otp_code": enrolled.code()})
    assert full.status_code == 400
    assert full.json() == {
        "detail": "There is no room for another device.",
        "code": "too_many_devices",
    }
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 200, "no code was spent on it"


def test_without_a_factor_there_is_none_to_add_to(alice):
    alice.sign_in_by_password()
    assert alice.devices() == []
    for body in ({}, {"otp_code": "123456"}):
        response = alice.post("totp/devices", body)
        assert (response.status_code, response.json()["code"]) == (400, "not_enrolled")


def test_a_device_is_renamed(enrolled):
    device = enrolled.devices()[0]
    response = enrolled.patch(f"totp/devices/{device['id']}", {"name": "old phone"})
    assert (response.status_code, response.json()) == (200, {**device, "name": "old phone"})
    assert enrolled.get(f"totp/devices/{device['id']}").json()["name"] == "old phone"


def test_the_first_device_has_the_name_that_its_user_gives_it(alice):
    """ENR-12: as each further one; without a name it has the usual one."""
    alice.sign_in_by_password()
    made = alice.post("totp/create", {"name": "Zoë's phone"})
    assert (made.status_code, set(made.json())) == (201, {"svg", "secret", "otpauth_uri"})
    alice.secret = made.json()["secret"]
    alice.bearer(alice.post("totp/confirm", {"input_code": alice.code()}).json()["access"])
    assert [found["name"] for found in alice.devices()] == ["Zoë's phone"]


@pytest.mark.parametrize("name", ["a:b", " a", "a\nb", "a\u0007", "é" * 65, "x" * 65, "", None, 1.5, True])
def test_names_are_checked_wherever_they_come_from(enrolled, person, name):
    """ENR-12, LOG-03: a bad name is the name field's error and spends no code."""
    bob = person("bob")
    bob.sign_in_by_password()
    device = enrolled.devices()[0]["id"]
    code = enrolled.code()
    for response in (
        enrolled.patch(f"totp/devices/{device}", {"name": name}),
        enrolled.post("totp/devices", {"name": name, "otp_code": code}),
        bob.post("totp/create", {"name": name}),
    ):
        assert (response.status_code, list(response.json())) == (400, ["name"])
    assert enrolled.post("totp/devices", {"otp_code": code}).status_code == 201


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"kind": "yubikey"}, "kind"),
        ({"algorithm": "MD5"}, "algorithm"),
        ({"digits": 9}, "digits"),
        ({"digits": 10**30}, "digits"),
        ({"digits": 6.0}, "digits"),
        ({"digits": True}, "digits"),
        ({"period": -1}, "period"),
        ({"period": "²"}, "period"),
        ({"kind": "hotp", "period": 30}, "period"),
        ({"kind": "steam", "digits": 6}, "digits"),
    ],
)
def test_parameters_that_cannot_be_are_errors_of_their_fields(enrolled, parameters, field):
    response = enrolled.post("totp/devices", {"otp_code": enrolled.code(), **parameters})
    assert (response.status_code, list(response.json())) == (400, [field])


def test_the_kind_and_the_parameters_are_the_callers_choice(enrolled):
    made = enrolled.post("totp/devices", {"otp_code": enrolled.code(), "digits": "8", "period": 60})
    uri = pyotp.parse_uri(made.json()["otpauth_uri"])
    assert (uri.digits, uri.interval) == (8, 60)


def test_one_of_two_devices_is_removed(enrolled):
    """ENR-09, VER-08: what was begun before is void, and so are all tokens from before."""
    device, secret = enrolled.add_device()
    challenge = enrolled.challenge()
    response = enrolled.delete(f"totp/devices/{device}", {"otp_code": enrolled.code()})
    assert (response.status_code, response.json()["enabled"]) == (200, True)
    enrolled.clock.advance(30)
    assert enrolled.get("totp/devices").status_code == 401
    assert enrolled.answer(challenge, otp_code=enrolled.code()).json()["code"] == "challenge_invalid"
    assert enrolled.answer(otp_code=pyotp.TOTP(secret).at(enrolled.clock.now)).json() == WRONG
    enrolled.sign_in()
    assert [found["name"] for found in enrolled.devices()] == ["Authenticator"]


def test_removing_the_last_device_turns_the_second_factor_off(enrolled):
    """ENR-09: backup codes, what is pending and tokens go with it."""
    device = enrolled.devices()[0]["id"]
    old = enrolled.sign_in()
    enrolled.post("totp/devices", {"backup_code": enrolled.backup_codes[1]})
    response = enrolled.delete(f"totp/devices/{device}", {"otp_code": enrolled.code()})
    assert (response.status_code, response.json()) == (200, {"enabled": False})
    assert enrolled.post("jwt/refresh", {"refresh": old["refresh"]}).status_code == 401
    assert enrolled.sign_in_by_password()["is_totp_enabled"] is False
    status = enrolled.get("totp/status").json()
    assert (status["enabled"], status["pending"], status["backup_codes_left"]) == (False, False, 0)


def test_a_counter_device_is_found_again(enrolled):
    """OTP-13"""
    device, secret = enrolled.add_device(kind="hotp")
    code = pyotp.HOTP(secret).at
    assert enrolled.answer(otp_code=code(40)).json() == WRONG
    resync = lambda *codes: enrolled.post(
        f"totp/devices/{device}/resync", dict(zip(("first_code", "second_code"), codes, strict=True))
    )
    assert resync(code(41), code(40)).json() == WRONG
    assert (resync(code(40), code(41)).status_code, resync(code(40), code(41)).json()) == (204, WRONG)
    assert enrolled.answer(otp_code=code(42)).status_code == 200
    clock_device = enrolled.devices()[0]["id"]
    refused = enrolled.post(
        f"totp/devices/{clock_device}/resync", {"first_code": "123456", "second_code": "123457"}
    )
    assert (refused.status_code, refused.json()["code"]) == (400, "method_not_allowed")
    assert set(enrolled.post(f"totp/devices/{device}/resync").json()) == {"first_code", "second_code"}
