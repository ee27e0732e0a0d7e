"""What is measured: the Go server, Django sites under gunicorn, the floors; and a private PostgreSQL."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar

from built import ROOT, Built
from typing_extensions import Self

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "examples" / "django"), str(ROOT / "python" / "tests" / "support")]

from running_site import die_with_parent  # noqa: E402
from servers.postgres import PrivatePostgres, programs  # noqa: E402

START_SECONDS = 30
FIRST_STEPS = 1000
"""So many before the clock starts: every process has then loaded what it needs and is connected."""


class Postgres(PrivatePostgres):
    """A PostgreSQL that waits for the disk, as a real one does."""

    @staticmethod
    def is_there() -> bool:
        """Whether it is installed."""
        return programs() is not None

    def command(self) -> list[str | Path]:
        """`postgres` with its own settings for what is durable."""
        return [*super().command(), "-c", "fsync=on", "-c", "shared_buffers=256MB"]


class Server(ABC):
    """A server on a free loopback port, for one round."""

    name = "server"
    contract: ClassVar[dict[str, str]] = {}
    """Its path and names of fields, where they are others than ours and django-totp's."""

    def __init__(self, built: Built, folder: Path, place: str) -> None:
        self.built, self.folder, self.place = built, folder, place
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                self.command(),
                stdout=log,
                stderr=log,
                env=self.env(),
                cwd=HERE / "sites",
                preexec_fn=die_with_parent,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(self.url, timeout=START_SECONDS).close()  # noqa: S310
            except urllib.error.HTTPError:
                return self
            except OSError:
                time.sleep(0.05)
        sys.exit(f"error: {self.name} did not start:\n{(self.folder / 'log').read_text()}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def take(self, steps: int, connections: int) -> dict[str, float]:
        """So many second steps by so many clients at once, after the first ones."""
        prepared = self.seed(steps + FIRST_STEPS)
        names = [text for name, value in self.contract.items() for text in (f"--{name}", value)]
        options = ["--url", self.url, "--connections", str(connections), "--first", str(FIRST_STEPS), *names]
        found: dict[str, float] = json.loads(self.built.load("run", *options, given=prepared))
        return found

    @abstractmethod
    def command(self) -> list[str | Path]:
        """What to run."""

    @abstractmethod
    def seed(self, count: int) -> str:
        """So many users with an open sign-in: a challenge and the secret in each line."""

    def env(self) -> dict[str, str]:
        """Its environment."""
        return dict(os.environ)


class GoServer(Server):
    """Our server as it comes: SQLite with WAL and synchronous FULL, PostgreSQL with synchronous_commit."""

    name = "Go server"

    def command(self) -> list[str | Path]:
        """Its limit per address is out of the way; it counts all the same."""
        listen = f"127.0.0.1:{self._port}"
        command: list[str | Path] = [self.built.server, "--listen", listen, "--database", self.place]
        return [*command, "--keys-file", self.folder / "keys", "--rate", "100000000/minute"]

    def seed(self, count: int) -> str:
        """Users with an open sign-in."""
        return self._seeded(count)

    def _seeded(self, count: int, *more: str) -> str:
        place = ["--database", self.place, "--keys-file", str(self.folder / "keys")]
        return self.built.load("seed", *place, "--users", str(count), *more)


class GoFloor(GoServer):
    """Its statements in Go, without a second factor: nothing there can be quicker."""

    name = "the statements alone in Go"

    def command(self) -> list[str | Path]:
        """The client's program is the server, too."""
        return [self.built.client, "floor", "--database", self.place, "--listen", f"127.0.0.1:{self._port}"]

    def seed(self, count: int) -> str:
        """Users, and the keys of an earlier round of the Go server."""
        return self._seeded(count, "--ids")


class Site(Server):
    """A package's endpoints in Django under gunicorn, with a sync worker for each core."""

    package: str

    def command(self) -> list[str | Path]:
        """gunicorn."""
        options = [
            f"--bind=127.0.0.1:{self._port}",
            f"--workers={os.cpu_count()}",
            "--preload",
            "--log-level=warning",
        ]
        return [self.built.python, "-m", "gunicorn", *options, "wsgi"]

    def env(self) -> dict[str, str]:
        """Which package, and where its database is."""
        site = {"SITE_PACKAGE": self.package, "SITE_DATABASE": self.place}
        return {**os.environ, **site, "DJANGO_SETTINGS_MODULE": "settings"}

    def seed(self, count: int) -> str:
        """Users with an open sign-in."""
        command = [self.built.python, f"seed_{self.package}.py", str(count)]
        done = subprocess.run(
            command, cwd=HERE / "sites", env=self.env(), stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode != 0:
            sys.exit(f"error: the users of {self.name} could not be made")
        return done.stdout


class Drf(Site):
    """Our endpoints for Django REST framework."""

    name, package = "Twinlock through DRF", "twinlock"


class Floor(Site):
    """Our two statements through REST framework, without a second factor: nothing there can be quicker."""

    name, package = "the statements alone through DRF", "floor"


class Peer(Site):
    """django-totp's."""

    name, package = "django-totp", "django_totp"


class OtherPeer(Site):
    """drf-jwt-2fa's."""

    name, package = "drf-jwt-2fa", "drf_jwt_2fa"
    contract: ClassVar = {"path": "/api/auth/", "challenge": "code_token", "code": "code"}
