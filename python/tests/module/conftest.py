"""An engine with fixed keys, a clock that a test moves, and the programs that tests compare with."""

import itertools
import json
import os
import shutil
from functools import partial
from pathlib import Path

import any_store
import pytest
from twins import shows_twins

from twinlock import Engine, KeyRing, Policy, SecondFactor, totp
from twinlock.stores import MemoryStore, PostgresStore

REPOSITORY = Path(__file__).parents[3]
KEYS = "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
START = 1_800_000_000

_numbers = itertools.count(1)


class Phone:
    """An authenticator app."""

    def __init__(self, secret):
        self._secret = secret

    def code(self, now):
        return totp.generate(self._secret, now=now)

    def wrong_code(self, now):
        """Six digits that are right in no step nearby."""
        right = {totp.generate(self._secret, now=now + 30 * steps) for steps in range(-3, 4)}
        return next(
            code
            for code in ("000000", "111111", "222222", *map(str, range(333333, 333350)))
            if code not in right
        )


class Person:
    """A subject with a confirmed second factor."""

    def __init__(self, auth, subject="42"):
        begin = partial(auth.begin_enrollment, subject, account="alice@example.com", now=START - 60)
        while shows_twins((setup := begin()).secret, START):
            pass
        self.auth = auth
        self.subject = subject
        self.phone = Phone(setup.secret)
        self.enrolled = auth.confirm_enrollment(subject, self.phone.code(START - 60), now=START - 60)
        self.backup_codes = self.enrolled.backup_codes

    def challenge(self, now=START, **options):
        return self.auth.begin_sign_in(self.subject, now=now, **options).challenge

    def sign_in(self, now=START):
        return self.auth.finish_sign_in(self.challenge(now), otp=self.phone.code(now), now=now)


@pytest.fixture(scope="session")
def start():
    return START


@pytest.fixture(scope="session")
def keys():
    return KEYS


@pytest.fixture
def ring():
    return KeyRing.parse(KEYS)


@pytest.fixture
def engine(ring):
    return Engine(ring, Policy(issuer="Acme"))


@pytest.fixture
def auth(engine):
    return SecondFactor(engine, MemoryStore())


@pytest.fixture
def person(auth):
    return Person(auth)


@pytest.fixture
def enroll():
    """Enroll a subject with a SecondFactor."""
    return Person


@pytest.fixture(scope="session")
def repository():
    return REPOSITORY


@pytest.fixture(scope="session")
def vectors():
    """Read one of the files that the Rust tests read, too."""

    def read(name):
        return json.loads((REPOSITORY / "tests" / "vectors" / f"{name}.json").read_text())

    return read


@pytest.fixture(scope="session")
def tool():
    """The path of a program from a Debian package. Without it the test is left out; never with CI=true."""

    def find(program, package):
        path = shutil.which(program)
        if path is None:
            message = f"MISSING: {program} (Debian package {package})"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find


@pytest.fixture
def place(request, tmp_path):
    """Where a store of the kind may keep its data: nothing is there, and nobody else uses it."""

    def find(kind):
        if "postgres" in kind:
            where = {"url": request.getfixturevalue("postgres").url(), "table": f"records_{next(_numbers)}"}
            maker = PostgresStore(where["url"], table=where["table"])
            maker.create_table()
            maker.close()
            return where
        if "redis" in kind:
            server = request.getfixturevalue("redis_server")
            return {"url": server.url(), "prefix": server.new_prefix()}
        return {"path": str(tmp_path / "second_factor.db")}

    return find


@pytest.fixture
def open_store(place):
    """Make a store of the kind; it is closed after the test."""
    made = []

    def make(kind, where=None):
        made.append(any_store.make(kind, where or place(kind)))
        return made[-1]

    yield make
    for store in made:
        if hasattr(store, "close"):
            store.close()


@pytest.fixture
def forked():
    """What `work()` returns in so many children of a fork, and in this process."""
    return _in_children


def _in_children(work, count):
    children = []
    for _ in range(count):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.write(writer, json.dumps(work()).encode())
                code = 0
            finally:
                os._exit(code)
        os.close(writer)
        children.append((pid, reader))
    results = [work()]
    for pid, reader in children:
        with open(reader, "rb") as pipe:
            results.append(json.loads(pipe.read()))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return results
