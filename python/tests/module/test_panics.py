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
    built = repository / "target" / "maturin"
    if built.is_dir():
        # Where `make wheel` builds: all but the last crate is there.
        command += ["--target-dir", str(built)]
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
later = engine.begin_sign_in("42", None, now=now).commit(True)
tokens, family = engine.begin_session(later.proof, now=now)
rotation = engine.rotate(tokens.refresh, family, None, now=now)
usage, sealed = native.KeyUsage(ring), native.vault_seal(ring, "1", b"")
calls = {
    "KeyRing.parse": lambda: native.KeyRing.parse(""),
    "KeyRing.generate": native.KeyRing.generate,
    "KeyRing.fetch": lambda: native.KeyRing.fetch(str),
    "KeyRing.with_cipher": lambda: ring.with_cipher("aes-256-gcm"),
    "KeyRing.to_text": ring.to_text,
    "KeyRing.ids": lambda: ring.ids,
    "KeyRing.__repr__": lambda: repr(ring),
    "Policy.__new__": lambda: native.Policy("Acme"),
    "JwtKey.hmac": lambda: native.JwtKey.hmac("HS256", "k"),
    "JwtKey.from_pem": lambda: native.JwtKey.from_pem("ES256", "k"),
    "JwtKey.from_jwk": lambda: native.JwtKey.from_jwk("k"),
    "JwtConfig.__new__": lambda: native.JwtConfig(),
    "Engine.__new__": lambda: native.Engine(ring, policy),
    "Engine.policy": lambda: engine.policy,
    "Engine.begin_enrollment": lambda: engine.begin_enrollment(subject, None, account="a"),
    "Engine.confirm_enrollment": lambda: engine.confirm_enrollment(subject, None, "1"),
    "Engine.enrollment_subject": lambda: engine.enrollment_subject("x"),
    "Engine.check_enrollment": lambda: engine.check_enrollment("x", None),
    "Engine.add_device": lambda: engine.add_device(subject, None, account="a", otp="1"),
    "Engine.rename_device": lambda: engine.rename_device(subject, None, "x", "y"),
    "Engine.remove_device": lambda: engine.remove_device(subject, None, "x", otp="1"),
    "Engine.resync_device": lambda: engine.resync_device(subject, None, "x", "1", "2"),
    "Engine.import_device": lambda: engine.import_device(subject, None, secret=text),
    "Engine.import_backup_codes": lambda: engine.import_backup_codes(subject, None, ["x"], scheme="plain"),
    "Engine.begin_sign_in": lambda: engine.begin_sign_in(subject, None),
    "Engine.challenge_subject": lambda: engine.challenge_subject("x"),
    "Engine.finish_sign_in": lambda: engine.finish_sign_in(None, "x", otp="1"),
    "Engine.finish_for_enrollment": lambda: engine.finish_for_enrollment(None, "x", otp="1"),
    "Engine.send_code": lambda: engine.send_code(None, "x"),
    "Engine.set_method": lambda: engine.set_method(subject, None, "otp"),
    "Engine.step_up": lambda: engine.step_up(subject, None, purpose="x", otp="1"),
    "Engine.trust_device": lambda: engine.trust_device(subject, None, login.proof, "x"),
    "Engine.is_trusted": lambda: engine.is_trusted(subject, None, "x"),
    "Engine.revoke_trusted_devices": lambda: engine.revoke_trusted_devices(subject, None),
    "Engine.disable": lambda: engine.disable(subject, None, otp="1"),
    "Engine.regenerate_backup_codes": lambda: engine.regenerate_backup_codes(subject, None, otp="1"),
    "Engine.admin_regenerate_backup_codes": lambda: engine.admin_regenerate_backup_codes(subject, None),
    "Engine.unlock": lambda: engine.unlock(subject, None),
    "Engine.admin_reset": lambda: engine.admin_reset(subject, None),
    "Engine.bump_epoch": lambda: engine.bump_epoch(subject, None),
    "Engine.status": lambda: engine.status(subject, None),
    "Engine.mint": lambda: engine.mint(login.proof),
    "Engine.mint_access": lambda: engine.mint_access(login.proof),
    "Engine.mint_sliding": lambda: engine.mint_sliding(login.proof),
    "Engine.begin_session": lambda: engine.begin_session(login.proof),
    "Engine.with_session": lambda: engine.with_session(pending),
    "Engine.session_of": lambda: engine.session_of("x"),
    "Engine.rotate": lambda: engine.rotate("x", family, None),
    "Engine.require_step_up": lambda: engine.require_step_up("x", "y"),
    "Engine.jwks": engine.jwks,
    "Engine.reseal": lambda: engine.reseal(subject, pending.record),
    "Engine.keys_needed": lambda: engine.keys_needed(subject, b""),
    "Engine.inspect": lambda: engine.inspect(subject, b""),
    "Engine.verify": lambda: engine.verify("x"),
    "Engine.refresh_subject": lambda: engine.refresh_subject("x"),
    "Engine.refresh": lambda: engine.refresh("x", None),
    "Engine.refresh_sliding": lambda: engine.refresh_sliding("x", None),
    "RefreshFamily.to_json": family.to_json,
    "RefreshFamily.from_json": lambda: native.RefreshFamily.from_json("x"),
    "RefreshFamily.revoke": family.revoke,
    "PendingRotation.family": lambda: rotation.family,
    "PendingRotation.commit": lambda: rotation.commit(True),
    "Pending.record": lambda: pending.record,
    "Pending.family": lambda: pending.family,
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
    "hotp_resync": lambda: native.hotp_resync(text, "1", "2", 1),
    "steam_generate": lambda: native.steam_generate(text),
    "steam_verify": lambda: native.steam_verify(text, "1"),
    "otpauth_parse_migration": lambda: native.otpauth_parse_migration("x"),
    "otpauth_build": lambda: native.otpauth_build("a", "b", text),
    "otpauth_parse": lambda: native.otpauth_parse("x"),
    "qr_svg": lambda: native.qr_svg("x"),
    "qr_svg_data_uri": lambda: native.qr_svg_data_uri("x"),
    "qr_png": lambda: native.qr_png("x"),
    "qr_terminal": lambda: native.qr_terminal("x"),
    "qr_terminal_colored": lambda: native.qr_terminal_colored("x"),
    "vault_seal": lambda: native.vault_seal(ring, "1", b""),
    "vault_open": lambda: native.vault_open(ring, "1", b""),
    "vault_reseal": lambda: native.vault_reseal(ring, "1", b""),
    "vault_key_id": lambda: native.vault_key_id(b""),
    "vault_to_text": lambda: native.vault_to_text(b""),
    "vault_from_text": lambda: native.vault_from_text(""),
    "KeyUsage.__new__": lambda: native.KeyUsage(ring),
    "KeyUsage.add": lambda: usage.add(sealed),
    "KeyUsage.add_record": lambda: usage.add_record(engine, "1", b""),
    "KeyUsage.counts": lambda: usage.counts,
    "KeyUsage.is_droppable": lambda: usage.is_droppable("x"),
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
assert rotation.commit(True).access
assert engine.mint(login.proof, now=now).access
assert engine.status("42", None, now=now).enabled is False
print("all", len(calls))
"""


def test_every_call_turns_a_panic_into_an_ordinary_exception_and_the_module_works_on(hooked):
    environment = {**os.environ, "PYTHONPATH": str(hooked)}
    command = [sys.executable, "-c", PROGRAM, str(hooked)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "all 97\n"


def test_the_module_that_is_shipped_has_no_hook():
    from twinlock import _twinlock

    assert not hasattr(_twinlock, "panic_everywhere")
