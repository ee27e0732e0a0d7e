"""Several devices for one subject, of all kinds."""

import pytest
from raised import fault, refusal

from twinlock import Engine, Policy, SecondFactor, hotp, steam, totp
from twinlock.stores import MemoryStore


@pytest.fixture
def second(person, start):
    """The id and the secret of a second device, added by a code of the first."""
    setup = person.auth.add_device("42", account="a", name="tablet", otp=person.phone.code(start), now=start)
    enrolled = person.auth.confirm_enrollment("42", totp.generate(setup.secret, now=start), now=start)
    assert enrolled.backup_codes == []
    return setup.device_id, setup.secret


def test_a_second_device_signs_in_and_the_proof_says_which_it_was(person, second, start):
    """ENR-12"""
    device_id, secret = second
    now = start + 60
    proof = person.auth.finish_sign_in(person.challenge(now), otp=totp.generate(secret, now=now), now=now)
    assert (proof.device_id, proof.method) == (device_id, "otp")
    assert person.sign_in(now).device_id == person.enrolled.device_id
    assert [device.name for device in person.auth.status("42", now=now).devices] == [
        "Authenticator",
        "tablet",
    ]


def test_adding_wants_an_answer_and_room(person, second, ring, start):
    add = lambda **answer: person.auth.add_device("42", account="a", now=start + 60, **answer)
    assert fault(add) == ("argument_invalid", "exactly one of otp, backup, any and step_up")
    assert refusal(lambda: add(otp=person.phone.wrong_code(start + 60))) == "wrong_code"
    assert add(backup=person.backup_codes[0]).device_id
    small = SecondFactor(Engine(ring, Policy("Acme", devices=2)), person.auth.store)
    full = lambda: small.add_device("42", account="a", otp=person.phone.code(start + 90), now=start + 90)
    assert refusal(full) == "too_many_devices"
    assert refusal(lambda: person.auth.begin_enrollment("42", account="a", now=start)) == "already_enrolled"


def test_a_device_is_renamed_and_removed(person, second, start):
    device_id, secret = second
    auth, now = person.auth, start + 60
    auth.rename_device("42", device_id, "Zoë's tablet", now=now)
    assert auth.status("42", now=now).devices[1].name == "Zoë's tablet"
    assert refusal(lambda: auth.rename_device("42", "0" * 24, "x", now=now)) == "device_unknown"
    assert fault(lambda: auth.rename_device("42", device_id, "a:b", now=now)) == ("name_invalid", "name")
    epoch = auth.status("42", now=now).epoch
    assert auth.remove_device("42", device_id, otp=totp.generate(secret, now=now), now=now) == "one"
    status = auth.status("42", now=now)
    assert ([device.id for device in status.devices], status.epoch > epoch) == (
        [person.enrolled.device_id],
        True,
    )
    code = person.phone.code(now)
    assert auth.remove_device("42", person.enrolled.device_id, any=code, now=now) == "last"
    assert not auth.status("42", now=now).enabled


def test_a_counter_device_enrolls_signs_in_and_is_found_again(auth, start):
    setup = auth.begin_enrollment("7", account="a", kind="hotp", digits=8, now=start)
    assert setup.uri.startswith("otpauth://hotp/")
    code = lambda counter: hotp.generate(setup.secret, counter, digits=8)
    auth.confirm_enrollment("7", code(0), now=start)
    (device,) = auth.status("7", now=start).devices
    assert (device.kind, device.period, device.digits) == ("hotp", None, 8)
    assert "kind='hotp'" in repr(device)

    sign_in = lambda counter: auth.finish_sign_in(
        auth.begin_sign_in("7", now=start).challenge, otp=code(counter), now=start
    )
    assert sign_in(11).method == "otp"
    assert refusal(lambda: sign_in(60)) == "wrong_code"
    resync = lambda *codes: auth.resync_device("7", setup.device_id, *codes, now=start)
    assert refusal(lambda: resync(code(61), code(60))) == "wrong_code"
    assert resync(code(60), code(61)) is None
    assert sign_in(62).method == "otp"
    assert refusal(lambda: auth.resync_device("7", "0" * 24, "1", "2", now=start)) == "device_unknown"


def test_a_resync_is_for_counter_devices(person, start):
    device_id = person.enrolled.device_id
    call = lambda: person.auth.resync_device("42", device_id, "123456", "123457", now=start)
    assert refusal(call) == "method_not_allowed"


def test_a_steam_device_enrolls(auth, start):
    setup = auth.begin_enrollment("7", account="a", kind="steam", now=start)
    auth.confirm_enrollment("7", steam.generate(setup.secret, now=start).lower(), now=start)
    (device,) = auth.status("7", now=start).devices
    assert (device.kind, device.digits, device.period, device.algorithm) == ("steam", 5, 30, "SHA1")


@pytest.mark.parametrize("call", ["begin_enrollment", "add_device"])
def test_parameters_that_do_not_belong_to_a_kind_are_refused(engine, call, start):
    answer = {"otp": "123456"} if call == "add_device" else {}
    begin = lambda **chosen: getattr(engine, call)("7", None, account="a", now=start, **answer, **chosen)
    assert fault(lambda: begin(kind="hotp", period=30)) == ("argument_invalid", "period")
    for name, value in (("digits", 6), ("period", 30), ("algorithm", "SHA1")):
        chosen = {"kind": "steam", name: value}
        assert fault(lambda chosen=chosen: begin(**chosen)) == ("argument_invalid", name)
    assert fault(lambda: begin(kind="TOTP")) == ("argument_unknown", "kind")
    with pytest.raises(TypeError, match="^kind must be str"):
        begin(kind=1)


def test_the_primitives_of_counters_and_of_steam():
    """OTP-13"""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    code = lambda counter: hotp.generate(secret, counter)
    assert hotp.resync(secret, code(90), code(91), 0) == 91
    assert hotp.resync(secret, code(90), code(91), 0, window=89) is None
    assert hotp.resync(secret, code(90), "nonsense", 0) is None
    assert fault(lambda: hotp.resync(secret, code(1), code(2), 0, window=1001)) == (
        "window_invalid",
        "window",
    )
    known = "63BEDWCQZKTQWPESARIERL5DTTQFCJTK"
    assert steam.generate(known, now=1511200518) == "FR8RV"
    assert steam.verify(known, "fr8-rv", now=1511200518) == 1511200518 // 30
    assert steam.verify(known, "fr8-rv", now=1511200518 + 90) is None
    assert steam.verify(known, "123456", now=1511200518, window=0) is None


def test_a_device_may_not_be_added_by_a_step_up_that_was_for_something_else(person, engine, start):
    step = lambda purpose, now: (
        engine.mint_access(
            person.auth.step_up("42", purpose=purpose, otp=person.phone.code(now), now=now), now=now
        ).access
    )
    add = lambda token, now: person.auth.add_device("42", account="a", step_up=token, now=now)
    assert refusal(lambda: add(step("payout", start), start)) == "second_factor_required"
    assert add(step("add_device", start + 30), start + 30).secret
    assert refusal(lambda: add("a.b.c", start)) == "token_invalid"
    assert SecondFactor(engine, MemoryStore()).status("42", now=start).devices == []
