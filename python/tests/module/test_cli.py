"""`python -m twinlock`, run as people run it."""

import base64
import json
import os
import re
import stat
import subprocess
import sys

import pyotp
import pytest

from twinlock import KeyRing, otpauth, qr, steam, totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
URI = otpauth.build("Zoë", "alice@example.com", SECRET, algorithm="SHA256", digits=8, period=60)


@pytest.fixture
def run(tmp_path):
    """Run a command; returns the exit code, what it printed, and what it complained about."""

    def call(*arguments, stdin="", **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWINLOCK_")}
        done = subprocess.run(
            [sys.executable, "-m", "twinlock", *map(str, arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**clean, **environment},
        )
        assert b"Traceback" not in done.stderr
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return call


@pytest.fixture
def seed(tmp_path):
    path = tmp_path / "seed"
    path.write_text(SECRET + "\n")
    return path


@pytest.mark.parametrize("command", ["keygen", "keys", "reseal", "code", "verify", "qr", "inspect"])
def test_every_command_has_help_with_examples(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "examples:" in out
    assert f"python -m twinlock {command}" in out
    assert command in run("--help")[1]


def test_wrong_usage_exits_with_2(run):
    for arguments in ([], ["nonsense"], ["verify"], ["code", "--digits", "six"], ["keygen", "--what"]):
        code, out, complaint = run(*arguments)
        assert (code, out) == (2, "")
        assert "usage: twinlock" in complaint
    assert run("--version")[1].startswith("twinlock 0.")


def test_keygen_makes_keys(run):
    code, first, ids = run("keygen")
    assert code == 0
    assert KeyRing.parse(first).ids[0] in ids
    assert run("keygen")[1] != first


def test_code_prints_the_code_and_the_seconds_left(run, seed):
    ways = [{"stdin": SECRET}, {"TWINLOCK_SECRET": SECRET}, {"arguments": ["--secret-file", seed]}]
    for way in ways:
        arguments = way.pop("arguments", [])
        assert run("code", "--at", 59, "--digits", 8, *arguments, **way) == (0, "94287082  1 s left\n", "")
    _, out, _ = run("code", stdin=SECRET.lower())
    assert re.fullmatch(r"\d{6}  \d+ s left\n", out)
    assert run("code", "--counter", 1, stdin=SECRET)[1] == "287082\n"
    expected = pyotp.parse_uri(URI).at(1_800_000_007)
    assert run("code", "--at", 1_800_000_007, stdin=URI)[1] == f"{expected}  53 s left\n"


def test_verify_tells_right_from_wrong_and_from_impossible(run, seed):
    check = lambda *arguments: run("verify", *arguments, "--secret-file", seed)
    code = totp.generate(SECRET, now=1000)
    assert check(code, "--at", 1000) == (0, "right, step 33\n", "")
    assert check(code, "--at", 1030)[0] == 0
    assert check(code, "--at", 1030, "--window", 0) == (1, "wrong\n", "")
    assert check("000000", "--at", 1000)[0] == 1
    assert check("one", "--at", 1000)[0] == 1
    assert check("755224", "--counter", 0) == (0, "right, counter 0\n", "")
    assert check("755224", "--counter", 1)[0] == 1
    for arguments in (
        ["--at", -1],
        ["--window", 3],
        ["--digits", 9],
        ["--counter", -1],
        ["--algorithm", "MD5"],
    ):
        code, out, complaint = check("000000", *arguments)
        assert (code, out) == (2, "")
        assert complaint.startswith("twinlock verify: ")
    assert check(b"\xff".decode(errors="surrogateescape"))[0] == 2


def test_what_cannot_be_read_is_said_without_repeating_it(run, tmp_path):
    for stdin in (
        "nonsense!!",
        "",
        "GEZDGNBV",
        "otpauth://totp/x?secret=MARKER",
        b"\xff\xfe",
        b"A" * 2_000_000,
    ):
        code, out, complaint = run("code", stdin=stdin)
        assert (code, out) == (2, "")
        assert re.fullmatch(r"twinlock code: [^\n]+\n", complaint)
        assert "MARKER" not in complaint
        assert "nonsense" not in complaint
    code, _, complaint = run("code", "--secret-file", "missing")
    assert (code, complaint) == (2, "twinlock code: No such file or directory: missing\n")


def test_short_secrets_need_the_flag(run):
    assert run("code", stdin=SECRET[:16])[0] == 2
    assert run("code", "--legacy", stdin=SECRET[:16])[0] == 0


def test_qr_draws_in_the_terminal_and_into_files(run, seed, tmp_path):
    arguments = ["qr", "--issuer", "Zoë", "--account", "alice@example.com", "--secret-file", seed]
    uri = otpauth.build("Zoë", "alice@example.com", SECRET)
    assert run(*arguments) == (0, qr.terminal(uri), "")
    for name, expected in (("code.svg", qr.svg(uri).encode()), ("CODE.PNG", qr.png(uri))):
        assert run(*arguments, "--output", name) == (0, "", "")
        written = tmp_path / name
        assert written.read_bytes() == expected
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert run("qr", "--text", stdin="any text\n")[1] == qr.terminal("any text")
    run("qr", "--text", "--output", "scaled.png", "--scale", 2, stdin="x")
    assert (tmp_path / "scaled.png").read_bytes() == qr.png("x", 2)
    for bad in (
        ["--output", "code.gif"],
        ["--output", "missing/code.svg"],
        ["--scale", 99, "--output", "x.png"],
    ):
        assert run(*arguments, *bad)[0] == 2
    assert run("qr", "--secret-file", seed)[0] == 2
    code, _, complaint = run(*arguments, PYTHONIOENCODING="ascii")
    assert (code, "PYTHONUTF8=1" in complaint) == (2, True)


def described(run, stdin, *arguments, **environment):
    code, out, complaint = run("inspect", *arguments, stdin=stdin, **environment)
    assert code == 0, complaint
    return json.loads(out)


def test_inspect_describes_an_envelope_in_any_form(run, person, ring):
    record, _ = person.auth.store.load("42")
    text = base64.urlsafe_b64encode(record).decode()
    for form in (record, record.hex(), "\\x" + record.hex() + "\n", text, text.rstrip("=")):
        facts = described(run, form)
        assert facts == {
            "what": "envelope",
            "version": 1,
            "algorithm": "XChaCha20-Poly1305",
            "key_id": ring.ids[0],
            "bytes": len(record),
            "plaintext_bytes": len(record) - 52,
        }
    assert run("inspect", stdin=record[:40])[0] == 2
    assert described(run, b"TL\x02\x07" + bytes(60))["algorithm"] == "unknown (7)"


def test_inspect_opens_a_record_with_keys_and_subject(run, person, keys, tmp_path):
    (tmp_path / "record.bin").write_bytes(person.auth.store.load("42")[0])
    arguments = ["record.bin", "--subject", "42"]
    facts = described(run, "", *arguments, TWINLOCK_KEYS=keys)
    assert (facts["what"], facts["enabled"], facts["backup_codes_left"]) == ("record", True, 10)
    (device,) = facts["devices"]
    assert (device["name"], device["kind"], device["period"]) == ("Authenticator", "totp", 30)
    assert (device["created_at"], len(device["spent"]["steps"])) == ("2027-01-15T07:59:00+00:00", 1)
    assert facts["envelope"]["key_id"] in facts["keys_needed"]
    assert (facts["pending"], facts["challenges"]["tried"], facts["failures"]) == (None, [], [])
    assert "secret" not in json.dumps(facts).lower()
    assert run("inspect", *arguments)[0] == 2
    assert run("inspect", "record.bin", "--subject", "43", TWINLOCK_KEYS=keys)[0] == 2
    other = KeyRing.generate().to_text()
    code, _, complaint = run("inspect", *arguments, TWINLOCK_KEYS=other)
    assert (code, "not in the key ring" in complaint) == (2, True)


def test_inspect_reads_a_token_and_says_that_it_verified_nothing(run, person, engine, start):
    access = engine.mint(person.sign_in(), now=start).access
    facts = described(run, access)
    assert (facts["what"], facts["verified"]) == ("token", False)
    assert facts["header"]["typ"] == "at+jwt"
    assert facts["claims"] == engine.verify(access, now=start)
    assert facts["times"]["iat"] == "2027-01-15T08:00:00+00:00"
    assert access.split(".")[2] not in json.dumps(facts)
    for bad in ("a.b.c", "..", access.split(".")[0] + ".bnVsbA.x"):
        assert run("inspect", stdin=bad)[0] == 2


def test_inspect_hides_the_secret_of_a_uri(run):
    facts = described(run, URI)
    assert (facts["issuer"], facts["account"], facts["digits"], facts["period"]) == (
        "Zoë",
        "alice@example.com",
        8,
        60,
    )
    assert facts["secret"] == "(hidden)"
    assert SECRET not in json.dumps(facts)
    for bad in ("", "hello", "otpauth://totp/x", b"\xff\xfe\x00"):
        assert run("inspect", stdin=bad)[0] == 2


def test_inspect_shows_an_export_without_its_secrets(run):
    uri = "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC"
    facts = described(run, uri + "&x=1")
    assert (facts["what"], facts["part"], facts["parts"]) == ("otpauth export", 1, 1)
    (account,) = facts["accounts"]
    assert (account["issuer"], account["account"]) == ("Example", "alice@google.com")
    assert account["secret"] == "(hidden)"


def test_steam_codes_are_made_and_checked(run, seed):
    code = steam.generate(SECRET, now=1000)
    assert run("code", "--steam", "--at", 1000, "--secret-file", seed)[1] == f"{code}  20 s left\n"
    uri = otpauth.build("Steam", "alice", SECRET, kind="steam")
    assert run("verify", code.lower(), "--at", 1000, stdin=uri) == (0, "right, step 33\n", "")
    assert run("verify", "22222", "--at", 1000, stdin=uri)[0] == 1
    assert run("qr", "--issuer", "Steam", "--account", "alice", stdin=uri)[1] == qr.terminal(uri)
    assert run("code", "--steam", "--counter", 1, "--secret-file", seed)[0] == 2


def test_the_command_line_never_takes_a_secret(run):
    """Other users of the machine can read the command line."""
    for command in ("code", "verify", "qr", "inspect", "keygen", "keys", "reseal"):
        _, out, _ = run(command, "--help")
        assert not re.search(r"--(secret|key|keys|uri)[ =]", out)
