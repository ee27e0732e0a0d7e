"""FFI-02, FFI-15: text may be str or UTF-8 bytes, records any bytes-like; all else is a clear error."""

import array

import pytest

from twinlock import (
    ArgumentFault,
    JwtKey,
    KeyRing,
    Policy,
    Secret,
    TwinlockError,
    hotp,
    otpauth,
    qr,
    totp,
    vault,
)

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FORMS = [str, lambda s: s.encode(), lambda s: bytearray(s.encode()), lambda s: memoryview(s.encode())]
NOT_UTF_8 = ["\ud800", "a\udfffb", b"\xff", b"\xed\xa0\x80", bytearray(b"\xc0\x80"), memoryview(b"\x80")]
NO_TEXT = [5, 1.5, True, ["a"], {"a": 1}, object(), array.array("b", b"42"), range(3)]
NO_TIME = [1.0, "1800000000", b"1", True, [1], object()]
BAD_TIME = [-1, 253_402_300_800, 2**63 - 1, 2**63, 2**64, 2**200, -(2**200)]


@pytest.fixture
def calls(engine, ring, person, start):
    """Every place where text goes in, by the name of its argument."""
    record, _ = person.auth.store.load("42")
    return {
        "subject": lambda text: engine.status(text, record, now=start),
        "account": lambda text: engine.begin_enrollment("43", None, account=text, now=start),
        "name": lambda text: engine.begin_enrollment("43", None, account="a", name=text, now=start),
        "algorithm": lambda text: engine.begin_enrollment("43", None, account="a", algorithm=text, now=start),
        "code": lambda text: engine.confirm_enrollment("42", record, text, now=start),
        "binding": lambda text: engine.begin_sign_in("42", record, binding=text, now=start),
        "challenge": lambda text: engine.challenge_subject(text, now=start),
        "otp": lambda text: engine.disable("42", record, otp=text, now=start),
        "backup": lambda text: engine.disable("42", record, backup=text, now=start),
        "any": lambda text: engine.disable("42", record, any=text, now=start),
        "token": lambda text: engine.verify(text, now=start),
        "sent": lambda text: engine.finish_sign_in(record, person.challenge(), sent=text, now=start),
        "step_up": lambda text: engine.disable("42", record, step_up=text, now=start),
        "session": lambda text: engine.step_up("42", record, purpose="x", session=text, otp="1", now=start),
        "purpose": lambda text: engine.step_up("42", record, purpose=text, otp="1", now=start),
        "trust_token": lambda text: engine.begin_sign_in("42", record, trust_token=text, now=start),
        "device_id": lambda text: engine.rename_device("42", record, text, "x", now=start),
        "method": lambda text: engine.set_method("42", record, text, otp="1", now=start),
        "kind": lambda text: engine.begin_enrollment("43", None, account="a", kind=text, now=start),
        "scheme": lambda text: engine.import_backup_codes("42", record, ["abcdef"], scheme=text, now=start),
        "codes": lambda text: engine.import_backup_codes("42", record, [text], scheme="plain", now=start),
        "first": lambda text: engine.resync_device("42", record, "x", text, "1", now=start),
        "second": lambda text: engine.resync_device("42", record, "x", "1", text, now=start),
        "fallback": lambda text: Policy("Acme", fallback=text),
        "cipher": lambda text: ring.with_cipher(text),
        "pem": lambda text: JwtKey.from_pem("ES256", text),
        "json": lambda text: JwtKey.from_jwk(text),
        "keys": lambda text: KeyRing.parse(text),
        "secret": lambda text: totp.verify(text, "000000", now=start),
        "uri": lambda text: otpauth.parse(text),
        "text": lambda text: qr.svg(text),
    }


def test_text_that_is_not_utf_8_is_an_argument_fault_that_names_the_argument(calls):
    for name, call in calls.items():
        for text in NOT_UTF_8:
            with pytest.raises(ArgumentFault) as caught:
                call(text)
            assert (caught.value.code, caught.value.about) == ("text_not_utf8", name)
            assert isinstance(caught.value, ValueError)


def test_other_types_are_a_type_error_that_names_the_argument(calls):
    for name, call in calls.items():
        for value in NO_TEXT:
            with pytest.raises(
                TypeError, match=f"^{name} must be str or UTF-8 bytes, not {type(value).__name__}$"
            ):
                call(value)


@pytest.mark.parametrize("form", FORMS)
def test_str_bytes_bytearray_and_memoryview_are_the_same_text(form, engine, start):
    secret, subject = form(SECRET), form("Zoë-日本-🔑")
    assert totp.generate(secret, now=59, digits=8) == "94287082"
    assert totp.verify(secret, form("94287082"), now=59, digits=8) == 1
    assert hotp.verify(secret, form("755 224"), 0) == 0
    pending = engine.begin_enrollment(
        subject, None, account=form("alice"), name=form("n"), algorithm=form("SHA1"), now=start
    )
    assert engine.status("Zoë-日本-🔑", pending.record, now=start).pending_until
    assert JwtKey.hmac(form("HS256"), form("k" * 31 + "!"))
    assert qr.svg(form("hello")) == qr.svg("hello")


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
def test_records_come_as_any_bytes_like(form, person, start):
    record = form(person.auth.store.load("42")[0])
    engine = person.auth.engine
    assert engine.status("42", record, now=start).enabled
    login = engine.begin_sign_in("42", record, now=start).commit(True)
    assert engine.finish_sign_in(record, login.challenge, backup=person.backup_codes[0], now=start).commit(
        True
    )


def test_a_strided_memoryview_is_read_in_its_own_order(person, start):
    record = person.auth.store.load("42")[0]
    assert person.auth.engine.status("42", memoryview(record[::-1])[::-1], now=start).enabled


def test_a_record_is_never_text_or_anything_else(engine, start):
    for record in ("TL", 5, [1], object(), array.array("b", b"TL")):
        with pytest.raises(TypeError, match="^record must be bytes, not "):
            engine.status("42", record, now=start)


def test_a_time_is_an_int_within_bounds(engine, start):
    for now in NO_TIME:
        with pytest.raises(TypeError, match="^now must be int, not "):
            engine.status("42", None, now=now)
    for now in BAD_TIME:
        with pytest.raises(ArgumentFault, match="^now: The time must be") as caught:
            engine.status("42", None, now=now)
        assert (caught.value.code, caught.value.about) == ("time_invalid", "now")
    with pytest.raises(ArgumentFault, match="^at: "):
        engine.begin_sign_in("42", None, at=-1, now=start)
    assert engine.status("42", None, now=0).epoch == 0
    assert engine.status("42", None, now=253_402_300_799).epoch == 0
    assert engine.status("42", None, now=None).epoch == 0


def test_numbers_out_of_bounds_are_faults_and_other_types_type_errors():
    """OTP-03"""
    table = {
        "digits_invalid": [("digits", n) for n in (5, 9, 0, -1, 2**70)],
        "period_invalid": [("period", n) for n in (14, 121, 0, -30, 2**70)],
        "window_invalid": [("window", n) for n in (3, -1, 256, 2**70)],
        "algorithm_unknown": [("algorithm", text) for text in ("", "MD5", "SHA-3", "sha 1")],
    }
    for code, cases in table.items():
        for name, value in cases:
            with pytest.raises(ArgumentFault) as caught:
                totp.verify(SECRET, "000000", **{name: value})
            assert caught.value.code == code
    for name in ("digits", "period", "window"):
        for value in (True, 6.0, "6", [6]):
            with pytest.raises(TypeError, match=f"^{name} must be int"):
                totp.verify(SECRET, "000000", **{name: value})


def test_counters_are_64_bits_and_never_wrap():
    """OTP-02"""
    last = 2**64 - 1
    assert hotp.verify(SECRET, hotp.generate(SECRET, last - 1), last - 1, look_ahead=0) == last - 1
    for counter, look_ahead in ((last, 0), (last - 1, 1), (last, 5), (2**64, 0), (-1, 0), (2**200, 0)):
        with pytest.raises(ArgumentFault) as caught:
            hotp.verify(SECRET, "000000", counter, look_ahead=look_ahead)
        assert caught.value.code == "counter_overflow"
    for look_ahead in (101, 256, -1, 2**70):
        with pytest.raises(ArgumentFault) as caught:
            hotp.verify(SECRET, "000000", 0, look_ahead=look_ahead)
        assert (caught.value.code, caught.value.about) == ("window_invalid", "look_ahead")


def test_what_is_no_code_is_wrong_and_never_an_exception():
    """OTP-06: full-width and Arabic digits, signs, separators, NUL, a million characters."""
    code = totp.generate(SECRET, now=59)
    strange = [
        code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        "+" + code,
        "-" + code + "x",
    ]
    strange += [
        code[:3] + "_" + code[3:],
        code + "\n",
        code + "\0",
        "٢٨٧٠٨٢",
        "🔑",
        "",
        " ",
        code * 200_000,
        code[:-1],
    ]
    for text in strange:
        assert totp.verify(SECRET, text, now=59) is None
    assert totp.verify(SECRET, f" {code[:3]}-{code[3:]} ", now=59) == 1


def test_subjects_are_checked_before_the_store_is_asked(auth):
    for subject in ("", "a" * 256, "é" * 128, "a\0b", "a\nb"):
        with pytest.raises(ArgumentFault) as caught:
            auth.status(subject)
        assert caught.value.code == "subject_invalid"
    assert not auth.status("a" * 255).enabled


def test_secrets_below_128_bits_need_a_flag(start):
    """OTP-04"""
    short = "GEZDGNBVGY3TQOJQ"
    with pytest.raises(ArgumentFault) as caught:
        totp.generate(short, now=start)
    assert caught.value.code == "secret_length"
    assert totp.generate(Secret.from_base32(short, "legacy"), now=start)
    for minimum in ("Legacy", "", "none"):
        with pytest.raises(ArgumentFault) as caught:
            Secret.from_base32(short, minimum)
        assert caught.value.code == "argument_unknown"


def test_large_inputs_are_refused_or_wrong_and_harm_nothing(engine, ring, start):
    large = "9" * 10_000_000
    assert totp.verify(SECRET, large) is None
    codes = {
        "input_too_large": [
            lambda: engine.status("42", large.encode(), now=start),
            lambda: vault.seal(ring, "42", large.encode()),
            lambda: otpauth.parse(large),
        ],
        "qr_too_long": [lambda: qr.svg(large)],
        "key_malformed": [lambda: KeyRing.parse(large)],
        "subject_invalid": [lambda: engine.status(large, None)],
        "challenge_invalid": [lambda: engine.challenge_subject(large, now=start)],
        "token_invalid": [lambda: engine.verify(large, now=start)],
    }
    for code, calls in codes.items():
        for call in calls:
            with pytest.raises(TwinlockError) as caught:
                call()
            assert caught.value.code == code
