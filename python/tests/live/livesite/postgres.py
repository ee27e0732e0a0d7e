"""A PostgreSQL of one's own: a cluster in a temporary folder, on a free loopback port, gone afterwards.

`with PrivatePostgres() as postgres:` … `postgres.new_database()`. It can be stopped the hard way and started
again, to see what its users do meanwhile.
"""

import glob
import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import sql
from running_site import die_with_parent

START_SECONDS = 30
STOP_SECONDS = 15
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`: on the PATH, or the newest where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]))
    return Path(debian[-1]).parent if debian else None


class PrivatePostgres:
    """One cluster with one superuser, `twinlock`, whose password is made anew each time."""

    def __init__(self) -> None:
        folder = programs()
        if folder is None:
            raise RuntimeError("PostgreSQL's programs were not found")
        self._programs = folder
        self._password = secrets.token_urlsafe(16)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)

    def url(self, database: str = "postgres") -> str:
        """Where to connect."""
        return f"postgresql://twinlock:{self._password}@127.0.0.1:{self._port}/{database}"

    def new_database(self) -> str:
        """The URL of a database that is empty and nobody else's."""
        name = f"twinlock_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def __enter__(self) -> "PrivatePostgres":
        self._folder = Path(tempfile.mkdtemp(prefix="twinlock-postgres-"))
        try:
            self._create_cluster()
            self._port = _free_port()
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        # Nothing here has to outlive the machine, so the disk is not waited for.
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": "",
            "max_connections": 300,
            "fsync": "off",
        }
        command = [self._programs / "postgres", "-D", self._folder / "data"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, preexec_fn=die_with_parent, **self._identity()
            )
        self._wait_until_it_answers()

    def kill(self) -> None:
        """Breaks every connection at once and stops without a word to the clients."""
        self._stop(signal.SIGQUIT)

    def _create_cluster(self) -> None:
        password = self._folder / "password"
        password.write_text(self._password)
        if user := self._identity().get("user"):
            owner = pwd.getpwnam(user)
            for path in (self._folder, password):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        command = [self._programs / "initdb", "-D", self._folder / "data", "-U", "twinlock", "--no-sync"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._identity())
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _identity(self) -> dict[str, Any]:
        """Who the server runs as, for `subprocess`; its home is its own folder."""
        where = {"cwd": self._folder}
        if os.geteuid() != 0:
            return where
        for name in UNPRIVILEGED:
            try:
                group = pwd.getpwnam(name).pw_gid
            except KeyError:
                continue
            return {**where, "user": name, "group": group, "extra_groups": []}
        raise RuntimeError("PostgreSQL needs an unprivileged user to run as")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text()}")

    def _stop(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _remove(self) -> None:
        self._stop(signal.SIGINT)  # "fast": clients are cut off, the data files are left in order
        shutil.rmtree(self._folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
