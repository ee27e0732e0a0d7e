"""The stubs tell the truth about the native module, and the package is typed."""

import re
import subprocess
import sys
from importlib.resources import files

import pytest

import twinlock
from twinlock import Policy


def test_stubtest_finds_nothing_to_say(tmp_path):
    pytest.importorskip("mypy.stubtest")
    command = [sys.executable, "-m", "mypy.stubtest", "twinlock._twinlock"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "no issues" in run.stdout


def test_a_program_that_uses_the_package_type_checks_strictly(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "program.py"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    found = re.findall(r"^program.py:(\d+): error: .*\[([\w-]+)\]$", run.stdout, re.MULTILINE)
    last = PROGRAM.count("\n")
    wrong = ["arg-type", "attr-defined", "arg-type", "assignment"]
    assert found == [(str(last - 3 + number), code) for number, code in enumerate(wrong)], run.stdout


# The last four lines are wrong on purpose: without types, mypy would not see it.
PROGRAM = """\
from typing import Literal
from twinlock import AsyncSecondFactor, Engine, Enrolled, KeyRing, Pending, Policy, Proof, Tokens
from twinlock import RefreshFamily, SecondFactor, qr, totp, stores as all_stores
from twinlock.stores import AsyncMemoryStore, AsyncStore, MemoryStore, SqliteStore, Store

stores: list[Store] = [MemoryStore(), SqliteStore("x.db")]
stores += [all_stores.PostgresStore(""), all_stores.RedisStore("redis://")]
others: list[AsyncStore] = [AsyncMemoryStore(), all_stores.AsyncPostgresStore("")]
others += [all_stores.AsyncRedisStore("redis://")]
engine = Engine(KeyRing.generate(), Policy(issuer="Acme", digits=8))
pending: Pending[Enrolled] = engine.confirm_enrollment("42", memoryview(b""), bytearray(b"1"), now=1)
proof: Proof = pending.commit(True).proof
tokens: Tokens = engine.mint(proof, {"role": "admin"})
role: str = engine.verify(tokens.access)["role"]
moved: tuple[Tokens, RefreshFamily] = engine.begin_session(proof)
left: Literal["one", "last"] = SecondFactor(engine, stores[0]).remove_device("42", "x", otp="1")
ring: KeyRing = KeyRing.fetch(lambda: [b"tlk1_"]).with_cipher("aes-256-gcm")
codes: list[str] = SecondFactor(engine, stores[0]).regenerate_backup_codes("42", otp="123456")
step: int | None = totp.verify("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", b"123456")
picture: bytes = qr.png("x", scale=2)
awaited = AsyncSecondFactor(engine, others[0])
async def sign_in(challenge: str) -> Tokens:
    await awaited.disable("42", backup="x", now=1)
    return engine.mint(await awaited.finish_sign_in(challenge, otp=b"123456"))
engine.status(42, None)
proof.secret
print(awaited.status("42", now="1"))
never_awaited: Proof = awaited.finish_sign_in("x", otp="1")
"""


def test_the_package_is_marked_as_typed():
    assert (files(twinlock) / "py.typed").is_file()


def test_the_stub_of_policy_names_every_option():
    stub = (files(twinlock) / "_twinlock.pyi").read_text()
    body = stub.partition("class Policy:")[2].partition("\n@final")[0]
    options = {row["name"] for row in Policy.OPTIONS}
    assert set(re.findall(r"^        (\w+): int = \.\.\.,$", body, re.MULTILINE)) == options
    assert set(re.findall(r"def (\w+)\(self\) -> int", body)) == options
    choices = {row["name"] for row in Policy.CHOICES}
    assert set(re.findall(r"^        (\w+): Text = \.\.\.,$", body, re.MULTILINE)) == choices
    assert set(re.findall(r"def (\w+)\(self\) -> str", body)) == choices | {"issuer"}


def test_everything_that_is_exported_exists_and_is_documented():
    for name in twinlock.__all__:
        thing = getattr(twinlock, name)
        assert name == "__version__" or thing.__doc__, name
