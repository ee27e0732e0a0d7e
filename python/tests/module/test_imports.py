"""Devices and backup codes that come from another system."""

import hashlib
import hmac

import pytest
from raised import fault, refusal

from twinlock import Secret, hotp, otpauth, totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
EXPORT = (
    "otpauth-migration://offline?data=ChkKCpklNznImSU3OcgSBVRlc3QxIAEoATACChsKCpklNznamSU3OdoSBVRlc3QyIAEoATABO"
    "AAQARgBIAAo8enF1vr%2F%2F%2F%2F%2FAQ%3D%3D"
)


def sign_in(auth, start, **answer):
    return auth.finish_sign_in(auth.begin_sign_in("7", now=start).challenge, now=start, **answer)


def test_a_device_is_imported_by_its_parts(auth, start):
    step = start // 60
    make = lambda **parts: auth.import_device(
        "7", secret=SECRET, name="old phone", algorithm="SHA256", digits=8, period=60, now=start, **parts
    )
    device_id = make(last_step=step)
    (device,) = auth.status("7", now=start).devices
    assert (device.id, device.name, device.algorithm, device.digits, device.period) == (
        device_id,
        "old phone",
        "SHA256",
        8,
        60,
    )
    code = lambda now: totp.generate(SECRET, algorithm="SHA256", digits=8, period=60, now=now)
    assert refusal(lambda: sign_in(auth, start, otp=code(start))) == "replayed"
    assert sign_in(auth, start, otp=code(start + 60)).device_id == device_id
    assert make() == device_id
    assert fault(lambda: auth.import_device("8", secret=SECRET, last_step=step * 9, now=start)) == (
        "time_invalid",
        "last_step",
    )


def test_a_device_is_imported_by_its_uri(auth, start):
    uri = otpauth.build("Old", "alice", SECRET, counter=5)
    device_id = auth.import_device("7", uri=uri, now=start)
    assert sign_in(auth, start, otp=hotp.generate(SECRET, 5)).device_id == device_id
    again = otpauth.parse(uri)
    assert auth.import_device("7", uri=again, now=start) == device_id
    assert again.secret.to_base32() == SECRET
    counted = auth.import_device("9", secret=Secret.from_base32(SECRET), kind="hotp", counter=5, now=start)
    assert auth.status("9", now=start).devices[0].id == counted


def test_an_export_of_google_authenticator_is_imported(auth, start):
    export = otpauth.parse_migration(EXPORT, minimum="legacy")
    assert [account.account for account in export.accounts] == ["Test1", "Test2"]
    assert [account.kind for account in export.accounts] == ["totp", "hotp"]
    assert (export.batch_index, export.batch_size, export.batch_id) == (0, 1, -1429113615)
    assert repr(export) == "OtpauthExport(accounts=2, batch_index=0, batch_size=1)"
    for account in export.accounts:
        auth.import_device("7", uri=account, name=account.account, now=start)
    assert [device.name for device in auth.status("7", now=start).devices] == ["Test1", "Test2"]
    assert fault(lambda: otpauth.parse_migration(EXPORT)) == ("secret_length", None)
    assert fault(lambda: otpauth.parse_migration("otpauth://totp/x"))[0] == "migration_malformed"


def test_what_does_not_fit_together_is_refused(engine, start):
    make = lambda **parts: engine.import_device("7", None, now=start, **parts)
    uri = otpauth.build("Old", "alice", SECRET)
    choice = ("argument_invalid", "exactly one of uri and secret")
    assert fault(make) == fault(lambda: make(uri=uri, secret=SECRET)) == choice
    parts = (("kind", "totp"), ("algorithm", "SHA1"), ("digits", 6), ("period", 30), ("counter", 1))
    for name, value in parts:
        assert fault(lambda given={name: value}: make(uri=uri, **given)) == ("argument_invalid", name)
    assert fault(lambda: make(secret=SECRET, counter=1)) == ("argument_invalid", "counter")
    assert fault(lambda: make(secret=SECRET, kind="hotp", last_step=1)) == ("argument_invalid", "last_step")
    assert fault(lambda: make(secret=SECRET[:16]))[0] == "secret_length"
    assert make(secret=SECRET[:16], minimum="legacy").commit(True)
    high = lambda: make(secret=SECRET, kind="hotp", counter=2**63)
    assert fault(high)[0] == "counter_overflow"


def codes_by_scheme():
    django = (
        "pbkdf2_sha256$1000$salt$"
        + __import__("base64").b64encode(hashlib.pbkdf2_hmac("sha256", b"abcd-1234", b"salt", 1000)).decode()
    )
    key = hashlib.sha256(b"drf_totp.backup_code" + b"the site's key").digest()
    digest = "hmac_sha256$" + hmac.new(key, b"ABCD1234", "sha256").hexdigest()
    return {
        "plain": ("abcd-1234", None),
        "plain_loose": ("ABCD 1234", None),
        "sha256": (hashlib.sha256(b"abcd-1234").hexdigest(), None),
        "pbkdf2_sha256": (django, None),
        "hmac_sha256": (digest, [key]),
        "drf_totp": (digest, ["another key", "the site's key"]),
    }


@pytest.mark.parametrize(("scheme", "given"), codes_by_scheme().items())
def test_backup_codes_of_another_system_are_good_once(person, start, scheme, given):
    code, keys = given
    person.auth.import_backup_codes("42", iter([code]), scheme=scheme, keys=keys, now=start)
    assert person.auth.status("42", now=start).backup_codes_left == 11
    use = lambda: person.auth.finish_sign_in(person.challenge(), backup="abcd-1234", now=start)
    assert use().method == "backup"
    assert refusal(use) == "replayed"


def test_schemes_and_codes_are_checked(person, engine, start):
    record, _ = person.auth.store.load("42")
    take = lambda codes, scheme, **keys: engine.import_backup_codes(
        "42", record, codes, scheme=scheme, **keys
    )
    assert fault(lambda: take(["abcdef"], "md5")) == ("scheme_unknown", "scheme")
    assert fault(lambda: take([], "plain")) == ("scheme_unknown", "codes")
    assert fault(lambda: take(["abc"], "sha256")) == ("scheme_unknown", "codes")
    assert fault(lambda: take(["hmac_sha256$" + "0" * 64], "hmac_sha256")) == ("scheme_unknown", "keys")
    assert fault(lambda: take(["abcdef"], "plain", keys=["k"])) == ("argument_invalid", "keys")
    for codes in ("abcdef", b"abcdef", 5, [5]):
        with pytest.raises(TypeError):
            take(codes, "plain")
        with pytest.raises(TypeError):
            person.auth.import_backup_codes("42", codes, scheme="plain", now=start)
    assert refusal(
        lambda: engine.import_backup_codes("7", None, ["abcdef"], scheme="plain").commit(True)
    ) == ("not_enrolled")
