"""OTP-01: our codes are those of the RFCs, of pyotp and of oathtool, and theirs verify with us."""

import base64
import hashlib
import random
import subprocess

import pyotp
import pytest

from twinlock import ArgumentFault, Secret, hotp, otpauth, totp

ALGORITHMS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}
CASES = [(algorithm, digits) for algorithm in ALGORITHMS for digits in (6, 7, 8)]
LATEST = 253_402_300_799


@pytest.fixture
def dice(request):
    """Numbers that differ from test to test and not from run to run."""
    return random.Random(request.node.name)


def secrets(dice, count):
    for _ in range(count):
        yield base64.b32encode(dice.randbytes(dice.randint(16, 64))).decode().rstrip("=")


def test_rfc_4226_appendix_d(vectors):
    table = vectors("rfc4226")
    for row in table["vectors"]:
        assert hotp.generate(table["secret_base32"], row["counter"]) == row["code"]
        assert hotp.verify(table["secret_base32"], row["code"], 0, look_ahead=9) == row["counter"]
    assert len(table["vectors"]) == 10


def test_rfc_6238_appendix_b(vectors):
    table = vectors("rfc6238")
    secret = {row["algorithm"]: row["secret_base32"] for row in table["secrets"]}
    for row in table["vectors"]:
        options = {"algorithm": row["algorithm"], "digits": 8, "now": row["time"]}
        assert totp.generate(secret[row["algorithm"]], **options) == row["code"]
        assert totp.verify(secret[row["algorithm"]], row["code"], window=0, **options) == row["step"]
    assert len(table["vectors"]) == 18


def test_rfc_4648_section_10(vectors):
    """OTP-05: the table's texts are shorter than a secret may be, so they end a longer one."""
    head = b"0123456789" * 2
    for row in vectors("rfc4648")["vectors"]:
        raw = head + bytes.fromhex(row["hex"])
        text = base64.b32encode(raw).decode()
        for form in (text, text.rstrip("="), text.lower(), " ".join(text), "-".join(text.rstrip("="))):
            assert Secret.from_base32(form).to_base32() == text.rstrip("=")
    for bad in (
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA",
        "0" * 32,
        "1" * 32,
        "8" * 32,
        "é" * 16,
        "GEZDGNBVGY3TQOJQGEZDGNBVGZ",
    ):
        with pytest.raises(ArgumentFault) as caught:
            Secret.from_base32(bad)
        assert caught.value.code == "secret_malformed"


@pytest.mark.parametrize(("algorithm", "digits"), CASES)
def test_time_codes_equal_pyotps_both_ways(algorithm, digits, dice):
    for secret in secrets(dice, 400):
        period, now = dice.randint(15, 120), dice.choice([dice.randrange(LATEST), dice.randrange(2**32)])
        theirs = pyotp.TOTP(secret, digits=digits, digest=ALGORITHMS[algorithm], interval=period)
        options = {"algorithm": algorithm, "digits": digits, "period": period, "now": now}
        ours = totp.generate(secret, **options)
        assert ours == theirs.generate_otp(now // period)
        assert totp.verify(secret, theirs.generate_otp(now // period), window=0, **options) == now // period
        assert pyotp.utils.strings_equal(theirs.generate_otp(now // period), ours)


@pytest.mark.parametrize(("algorithm", "digits"), CASES)
def test_counter_codes_equal_pyotps_both_ways(algorithm, digits, dice):
    for secret in secrets(dice, 100):
        counter, ahead = dice.randrange(2**63), dice.randint(0, 10)
        theirs = pyotp.HOTP(secret, digits=digits, digest=ALGORITHMS[algorithm])
        options = {"algorithm": algorithm, "digits": digits}
        ours = hotp.generate(secret, counter, **options)
        assert theirs.verify(ours, counter)
        found = hotp.verify(secret, theirs.at(counter + ahead), counter, **options)
        assert found is not None
        assert counter <= found <= counter + ahead


def test_the_matched_step_is_the_codes_own(dice):
    """OTP-09, VER-03"""
    (secret,) = secrets(dice, 1)
    now = 1_800_000_015
    for offset in range(-3, 4):
        code = totp.generate(secret, now=now + 30 * offset)
        for window in (0, 1, 2):
            expected = now // 30 + offset if abs(offset) <= window else None
            assert totp.verify(secret, code, window=window, now=now) == expected
    assert totp.verify(secret, totp.generate(secret, now=0), now=0) == 0
    assert totp.verify(secret, totp.generate(secret, now=LATEST), now=LATEST, window=2) == LATEST // 30


def test_a_counter_code_is_looked_for_forward_only(dice):
    """OTP-13"""
    (secret,) = secrets(dice, 1)
    for offset, expected in ((-1, None), (0, 50), (1, 51), (10, 60), (11, None)):
        assert hotp.verify(secret, hotp.generate(secret, 50 + offset), 50) == expected


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize(("algorithm", "digits"), CASES)
def test_time_codes_equal_oathtools_both_ways(algorithm, digits, dice, tool):
    """400 codes of oathtool for each algorithm and length, and 20 of ours that it accepts."""
    oathtool = tool("oathtool", "oathtool")
    for secret in secrets(dice, 20):
        period, now = dice.randint(15, 120), dice.randrange(2**31, 2**32)
        options = {"algorithm": algorithm, "digits": digits, "period": period}
        command = [
            oathtool,
            f"--totp={algorithm.lower()}",
            "-d",
            str(digits),
            "-s",
            f"{period}s",
            "-N",
            f"@{now}",
            "-b",
        ]
        theirs = run(*command, "-w", "19", secret).stdout.split()
        assert theirs == [totp.generate(secret, now=now + period * ahead, **options) for ahead in range(20)]
        for ahead, code in enumerate(theirs):
            assert (
                totp.verify(secret, code, window=0, now=now + period * ahead, **options)
                == now // period + ahead
            )
        assert run(*command, secret, totp.generate(secret, now=now, **options)).returncode == 0


@pytest.mark.parametrize("digits", [6, 7, 8])
def test_counter_codes_equal_oathtools_both_ways(digits, dice, tool):
    oathtool = tool("oathtool", "oathtool")
    for secret in secrets(dice, 20):
        counter = dice.randrange(2**40)
        command = [oathtool, "--hotp", "-d", str(digits), "-c", str(counter), "-b"]
        theirs = run(*command, "-w", "19", secret).stdout.split()
        assert theirs == [hotp.generate(secret, counter + ahead, digits=digits) for ahead in range(20)]
        assert hotp.verify(secret, theirs[9], counter, digits=digits) == counter + 9
        assert run(*command, secret, hotp.generate(secret, counter, digits=digits)).returncode == 0


NAMES = [
    "Acme",
    "A & B+C",
    "50%",
    "#1",
    "a/b?c=d&e",
    "Zoë",
    "日本語",
    "🔑 key",
    "o'neil",
    '"><script>',
    "a@b.example",
]


@pytest.mark.parametrize("name", NAMES)
def test_uris_mean_the_same_to_pyotp_and_to_us(name, dice):
    """OTP-10, OTP-11"""
    for (algorithm, digits), secret in zip(CASES, secrets(dice, len(CASES)), strict=True):
        period = dice.choice([30, 60])
        options = {"algorithm": algorithm, "digits": digits, "period": period}
        uri = otpauth.build(name, name, secret, **options)
        assert uri.isascii()
        assert " " not in uri
        assert "+" not in uri
        theirs = pyotp.parse_uri(uri)
        assert (theirs.issuer, theirs.name, theirs.secret) == (name, name, secret)
        assert (theirs.digits, theirs.interval, theirs.digest) == (digits, period, ALGORITHMS[algorithm])
        assert theirs.at(1_800_000_000) == totp.generate(secret, now=1_800_000_000, **options)
        for parsed in (otpauth.parse(uri), otpauth.parse(theirs.provisioning_uri())):
            assert (parsed.kind, parsed.issuer, parsed.account, parsed.counter) == ("totp", name, name, None)
            assert (parsed.algorithm, parsed.digits, parsed.period) == (algorithm, digits, period)
            assert parsed.secret.to_base32() == secret


def test_counter_uris_carry_the_counter():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    uri = otpauth.build("Acme", "alice", secret, counter=7)
    parsed = otpauth.parse(uri)
    assert (parsed.kind, parsed.counter, parsed.period) == ("hotp", 7, None)
    assert pyotp.parse_uri(uri).at(0) == hotp.generate(secret, 7)
    with pytest.raises(ArgumentFault):
        otpauth.build("Ac:me", "alice", secret)
