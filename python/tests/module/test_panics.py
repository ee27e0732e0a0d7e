"""FFI-15: a panic in the native code is an ordinary exception, and the module works on.

The module is built once more with the feature `test-hooks`, in which every call can be made to panic.
"""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def hooked(repository, tmp_path_factory):
    """A folder with a `twinlock` that has the hook."""
    if shutil.which("cargo") is None or not (repository / "bindings" / "python").is_dir():
        pytest.skip("needs cargo and the sources")
    pytest.importorskip("maturin")
    out = tmp_path_factory.mktemp("hooked")
    command = [sys.executable, "-m", "maturin", "build", "--release", "--quiet", "--features", "test-hooks"]
    command += ["--interpreter", sys.executable, "--out", str(out)]
    if "CARGO_TARGET_DIR" not in os.environ:
        command += ["--target-dir", str(repository / "target" / "maturin")]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


PROGRAM = """
import inspect, sys
import twinlock
from twinlock import _twinlock as native

assert native.__file__.startswith(sys.argv[1]), native.__file__
now, ring, policy = 1800000000, twinlock.KeyRing.generate(), twinlock.Policy("Acme")
engine = twinlock.Engine(ring, policy)
secret = twinlock.Secret.generate()
setup = engine.begin_enrollment("42", None, account="a", now=now).commit(True)
login = engine.begin_sign_in("42", None, now=now).commit(True)
pending = engine.begin_enrollment("42", None, account="a", now=now)
text, subject = secret.to_base32(), "42"
calls = {
    "KeyRing.parse": lambda: native.KeyRing.parse(""),
    "KeyRing.generate": native.KeyRing.generate,
    "KeyRing.to_text": ring.to_text,
    "KeyRing.ids": lambda: ring.ids,
    "KeyRing.__repr__": lambda: repr(ring),
    "Policy.__new__": lambda: native.Policy("Acme"),
    "JwtKey.hmac": lambda: native.JwtKey.hmac("HS256", "k"),
    "JwtConfig.__new__": lambda: native.JwtConfig(),
    "Engine.__new__": lambda: native.Engine(ring, policy),
    "Engine.policy": lambda: engine.policy,
    "Engine.begin_enrollment": lambda: engine.begin_enrollment(subject, None, account="a"),
    "Engine.confirm_enrollment": lambda: engine.confirm_enrollment(subject, None, "1"),
    "Engine.begin_sign_in": lambda: engine.begin_sign_in(subject, None),
    "Engine.challenge_subject": lambda: engine.challenge_subject("x"),
    "Engine.finish_sign_in": lambda: engine.finish_sign_in(None, "x", otp="1"),
    "Engine.disable": lambda: engine.disable(subject, None, otp="1"),
    "Engine.regenerate_backup_codes": lambda: engine.regenerate_backup_codes(subject, None, otp="1"),
    "Engine.admin_regenerate_backup_codes": lambda: engine.admin_regenerate_backup_codes(subject, None),
    "Engine.unlock": lambda: engine.unlock(subject, None),
    "Engine.admin_reset": lambda: engine.admin_reset(subject, None),
    "Engine.bump_epoch": lambda: engine.bump_epoch(subject, None),
    "Engine.status": lambda: engine.status(subject, None),
    "Engine.mint": lambda: engine.mint(login.proof),
    "Engine.verify": lambda: engine.verify("x"),
    "Engine.refresh_subject": lambda: engine.refresh_subject("x"),
    "Engine.refresh": lambda: engine.refresh("x", None),
    "Pending.record": lambda: pending.record,
    "Pending.commit": lambda: pending.commit(True),
    "Setup.qr_svg": lambda: setup.qr_svg,
    "Setup.qr_svg_data_uri": lambda: setup.qr_svg_data_uri,
    "Secret.generate": native.Secret.generate,
    "Secret.from_base32": lambda: native.Secret.from_base32(text),
    "Secret.to_base32": secret.to_base32,
    "check_subject": lambda: native.check_subject("1"),
    "totp_generate": lambda: native.totp_generate(text),
    "totp_verify": lambda: native.totp_verify(text, "1"),
    "hotp_generate": lambda: native.hotp_generate(text, 1),
    "hotp_verify": lambda: native.hotp_verify(text, "1", 1),
    "otpauth_build": lambda: native.otpauth_build("a", "b", text),
    "otpauth_parse": lambda: native.otpauth_parse("x"),
    "qr_svg": lambda: native.qr_svg("x"),
    "qr_svg_data_uri": lambda: native.qr_svg_data_uri("x"),
    "qr_png": lambda: native.qr_png("x"),
    "qr_terminal": lambda: native.qr_terminal("x"),
    "qr_terminal_colored": lambda: native.qr_terminal_colored("x"),
    "vault_seal": lambda: native.vault_seal(ring, "1", b""),
    "vault_open": lambda: native.vault_open(ring, "1", b""),
}

def callables(thing):
    names = [name for name in dir(thing) if name[0] != "_"]
    return {name: getattr(thing, name) for name in names if callable(getattr(thing, name))}

# Nothing is left out. Plain getters hand out what is there and call nothing.
for name, thing in callables(native).items():
    if inspect.isclass(thing):
        assert {f"{name}.{method}" for method in callables(thing)} <= set(calls), name
    else:
        assert name in calls or name == "panic_everywhere", name

native.panic_everywhere(True)
for name, call in calls.items():
    try:
        call()
    except Exception as error:
        assert type(error) is twinlock.InternalFault, (name, error)
        assert (error.code, error.number) == ("panic", -1)
        assert str(error) == "An internal error was caught; nothing was decided."
    else:
        raise AssertionError(name + " did not pass the guard")
native.panic_everywhere(False)
assert pending.record
assert pending.commit(True).secret
assert engine.mint(login.proof, now=now).access
assert engine.status("42", None, now=now).enabled is False
print("all", len(calls))
"""


def test_every_call_turns_a_panic_into_an_ordinary_exception_and_the_module_works_on(hooked):
    environment = {**os.environ, "PYTHONPATH": str(hooked)}
    command = [sys.executable, "-c", PROGRAM, str(hooked)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "all 47\n"


def test_the_module_that_is_shipped_has_no_hook():
    from twinlock import _twinlock

    assert not hasattr(_twinlock, "panic_everywhere")
