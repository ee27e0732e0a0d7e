"""FFI-06, FFI-07, FFI-15: forks, threads, imports, the interpreter's lock, the machine's time zone."""

import os
import subprocess
import sys
import sysconfig
import threading
import time
from contextlib import suppress

import pytest

from twinlock import ArgumentFault, Refused, SecondFactor, StoreFault, vault
from twinlock.stores import MemoryStore, SqliteStore


def test_parent_and_children_share_no_randomness(forked, person, engine, ring, start):
    """FFI-07: nonces, token ids and secrets after a fork that followed their use."""
    challenge = person.challenge()
    record, _ = person.auth.store.load("42")

    def work():
        made = []
        for _ in range(5):
            login = engine.begin_sign_in("42", record, now=start).commit(True)
            pending = engine.finish_sign_in(record, challenge, otp=person.phone.code(start), now=start)
            nonces = [pending.record[12:36].hex(), vault.seal(ring, "42", b"")[12:36].hex()]
            tokens = engine.mint(pending.commit(True), now=start)
            made += [login.challenge, *nonces]
            made += [engine.verify(tokens.access, now=start)["jti"], type(ring).generate().to_text()]
            made.append(engine.begin_enrollment("9", None, account="a", now=start).commit(True).secret)
        return made

    made = [thing for result in forked(work, 12) for thing in result]
    assert len(made) == 13 * 30
    assert len(set(made)) == len(made)


def test_a_sqlite_store_that_was_used_before_a_fork_works_in_the_children(
    forked, engine, enroll, start, tmp_path
):
    person = enroll(SecondFactor(engine, SqliteStore(tmp_path / "x.db")))
    challenge, code = person.challenge(), person.phone.code(start)

    def work():
        try:
            return person.auth.finish_sign_in(challenge, otp=code, now=start).method
        except Refused as refused:
            return refused.code

    outcomes = forked(work, 6)
    assert outcomes.count("otp") == 1
    assert set(outcomes) <= {"otp", "replayed", "challenge_spent", "contended"}
    assert person.auth.status("42", now=start).enabled


@pytest.mark.parametrize("make", [MemoryStore, lambda: SqliteStore(":memory:")], ids=["memory", ":memory:"])
def test_a_store_in_memory_refuses_to_work_in_a_forked_copy(forked, make, engine, enroll, start):
    """The copy would accept what the parent has already spent."""
    person = enroll(SecondFactor(engine, make()))

    def work():
        try:
            return person.auth.status("42", now=start).enabled
        except StoreFault as fault:
            return str(fault.__cause__)

    parent, child = forked(work, 1)
    assert parent is True
    assert "fork" in child


APPLICATION = """
import os
from twinlock import Engine, KeyRing, Policy, SecondFactor
from twinlock.stores import SqliteStore

auth = SecondFactor(Engine(KeyRing.generate(), Policy("Acme")), SqliteStore(os.environ["STORE"]))
auth.begin_enrollment("1", account="a")

def application(environ, respond):
    setup = auth.begin_enrollment(environ["PATH_INFO"], account="a")
    respond("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {setup.secret}".encode()]
"""


def test_an_application_that_gunicorn_loads_before_it_forks_works(tmp_path):
    """FFI-07: `gunicorn --preload`, engine and store made and used in the parent."""
    pytest.importorskip("gunicorn")
    import urllib.request

    (tmp_path / "application.py").write_text(APPLICATION)
    (tmp_path / "started.py").write_text(
        "def when_ready(server):\n    print(server.LISTENERS[0].getsockname()[1], flush=True)\n"
    )
    command = [sys.executable, "-m", "gunicorn", "application", "--preload", "--workers", "3"]
    command += ["--bind", "127.0.0.1:0", "--config", "started.py", "--log-level", "warning"]
    environment = {**os.environ, "STORE": str(tmp_path / "x.db")}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        answers = []
        deadline = time.monotonic() + 20
        while len({pid for pid, _ in answers}) < 2 and time.monotonic() < deadline:
            for number in range(10):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{number}", timeout=10) as answer:
                    answers.append(answer.read().decode().split())
        assert len({pid for pid, _ in answers}) >= 2
        assert len({secret for _, secret in answers}) == len(answers)
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


def in_python(code, **environment):
    command = [sys.executable, "-c", code]
    run = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_importing_has_no_side_effects():
    """FFI-15: no environment is read, no thread started, no store or framework imported."""
    code = """
import builtins, os, sys, threading
class Watched(dict):
    def __getitem__(self, key): raise SystemExit(f"reads {key}")
    get = __contains__ = __getitem__
os.environ = Watched()
before = set(sys.modules)
import twinlock
new = {name.partition(".")[0] for name in set(sys.modules) - before}
assert threading.active_count() == 1
heavy = {"sqlite3", "typing", "random", "json", "argparse"}
print(*sorted(new - set(sys.stdlib_module_names)), "|", *sorted(new & heavy))
"""
    assert in_python(code).strip() == "twinlock |"


def test_importing_is_quick():
    code = "import time; t = time.perf_counter(); import twinlock; print(time.perf_counter() - t)"
    fastest = min(float(in_python(code)) for _ in range(5))
    assert fastest < 0.05


def test_the_time_zone_of_the_machine_does_not_matter():
    """OTP-14"""
    code = "import twinlock; s = 'GEZDGNBVGY3TQOJQ' * 2; print(twinlock.totp.generate(s, now=1111111109))"
    assert {in_python(code, TZ=zone) for zone in ("UTC", "Asia/Kolkata", "America/St_Johns")} == {"081804\n"}


def test_without_now_the_clock_is_read(engine):
    login = engine.begin_sign_in("42", None).commit(True)
    assert abs(login.proof.auth_time - time.time()) < 5


class Ticker:
    """A thread that counts whenever it gets the interpreter's lock."""

    def __enter__(self):
        self.ticks, self._ended = 0, False
        self._interval = sys.getswitchinterval()
        self._thread = threading.Thread(target=self._tick)
        self._thread.start()
        # From here on the lock changes hands only when somebody lets go of it.
        sys.setswitchinterval(60)
        return self

    def _tick(self):
        while not self._ended:
            self.ticks += 1
            time.sleep(0)

    def ticks_during(self, call):
        before = self.ticks
        call()
        return self.ticks - before

    def __exit__(self, *_):
        sys.setswitchinterval(self._interval)
        self._ended = True
        self._thread.join()


@pytest.mark.skipif(bool(sysconfig.get_config_var("Py_GIL_DISABLED")), reason="there is no lock to release")
def test_the_lock_is_released_for_pbkdf2_and_qr_codes_only(person, engine, start):
    """FFI-15"""
    record, _ = person.auth.store.load("42")
    challenge, wrong = person.challenge(), "0000-0000-0000-0000"
    setup = engine.begin_enrollment("7", None, account="a", now=start).commit(True)
    slow = [
        lambda: engine.finish_sign_in(record, challenge, backup=wrong, now=start),
        lambda: engine.disable("42", record, any=wrong, now=start),
        lambda: engine.regenerate_backup_codes("42", record, otp=person.phone.code(start), now=start),
        lambda: engine.admin_regenerate_backup_codes("42", record, now=start),
        lambda: setup.qr_svg,
    ]
    quick = [
        lambda: engine.finish_sign_in(record, challenge, otp=person.phone.wrong_code(start), now=start),
        lambda: engine.status("42", record, now=start),
    ]
    with Ticker() as ticker:
        for number, call in enumerate(slow):
            assert any(ticker.ticks_during(call) for _ in range(200)), f"slow call {number} keeps the lock"
        for call in quick:
            assert sum(ticker.ticks_during(call) for _ in range(20)) == 0


def test_threads_may_share_every_object(person, engine, start):
    """FFI-06"""
    proof = person.sign_in()
    minted, barrier = [], threading.Barrier(8)

    def work():
        barrier.wait()
        for _ in range(200):
            login = engine.begin_sign_in("42", person.auth.store.load("42")[0], now=start).commit(True)
            assert engine.challenge_subject(login.challenge, now=start) == "42"
        with suppress(ArgumentFault):
            minted.append(engine.mint(proof, now=start))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(minted) == 1
