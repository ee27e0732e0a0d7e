"""What must not be possible with several devices: other users' ids, replays, a budget for each endpoint."""

import pyotp

UNKNOWN = {"detail": "There is no such device.", "code": "device_unknown"}


def test_another_users_devices_are_unknown(enrolled, person):
    """ENR-12: every verb, with a second factor and without, answers 404 and changes nothing."""
    mine = enrolled.devices()[0]
    mallory, nobody = person("mallory"), person("nobody")
    nobody.sign_in_by_password()
    mallory.enroll()
    for other in (mallory, nobody):
        code = {"otp_code": other.code()} if other.secret else {"otp_code": "123456"}
        for name in (mine["id"], "0" * 24, "x", "%00", "é", "x" * 500, mine["id"].upper() + "0"):
            path = f"totp/devices/{name}"
            codes = {"first_code": "123456", "second_code": "123457"}
            answers = (
                other.get(path),
                other.patch(path, {"name": "mine"}),
                other.delete(path, code),
                other.delete(path),
                other.post(f"{path}/resync", codes),
            )
            for answer in answers:
                assert answer.status_code == 404
                assert answer.json() == UNKNOWN
    assert mallory.answer(otp_code=mallory.code()).status_code == 200, "no code was spent on it"
    assert enrolled.devices() == [mine]


def test_a_code_of_one_device_is_good_once_and_does_not_count_against_another(enrolled):
    """VER-10, VER-01: one replay rule and one budget for all devices and endpoints."""
    device, secret = enrolled.add_device()
    code = pyotp.TOTP(secret).at(enrolled.clock.now)
    assert enrolled.answer(otp_code=code).status_code == 200
    assert enrolled.answer(otp_code=code).json()["code"] == "replayed"
    replay = enrolled.delete(f"totp/devices/{device}", {"otp_code": code})
    assert (replay.status_code, replay.json()["code"]) == (400, "replayed")
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 200
    for _ in range(20):
        enrolled.clock.advance(30)
        assert enrolled.answer(otp_code=pyotp.TOTP(secret).at(enrolled.clock.now)).status_code == 200


def test_all_endpoints_share_one_budget(enrolled):
    """VER-10, THR-07: wrong codes at five endpoints lock the sixth."""
    device = enrolled.devices()[0]["id"]
    wrong = {"otp_code": enrolled.wrong_code()}
    calls = (
        lambda: enrolled.post("totp/devices", wrong),
        lambda: enrolled.delete(f"totp/devices/{device}", wrong),
        lambda: enrolled.post("totp/method", {"method": "otp", **wrong}),
        lambda: enrolled.post("totp/disable", wrong),
        lambda: enrolled.answer(**wrong),
    )
    assert [call().status_code for call in calls] == [400] * 5
    locked = enrolled.post("totp/devices", {"otp_code": enrolled.code()})
    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert locked["Retry-After"] == str(locked.json()["retry_after"])


def test_whoever_must_have_a_second_factor_keeps_the_last_device(enrolled, settings):
    """API-10: as with disabling."""
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "all"}
    first = enrolled.devices()[0]["id"]
    second, _ = enrolled.add_device()
    assert enrolled.delete(f"totp/devices/{second}", {"otp_code": enrolled.code()}).status_code == 200
    enrolled.clock.advance(30)
    enrolled.sign_in()
    code = enrolled.code()
    refused = enrolled.delete(f"totp/devices/{first}", {"otp_code": code})
    assert (refused.status_code, refused.json()["code"]) == (403, "enrollment_required")
    assert enrolled.answer(otp_code=code).status_code == 200, "no code was spent on it"
