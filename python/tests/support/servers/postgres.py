"""A PostgreSQL cluster of one's own. `with PrivatePostgres() as postgres:` … `postgres.new_database()`."""

import glob
import itertools
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from servers.process import PrivateServer


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`: on the PATH, or the newest where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]))
    return Path(debian[-1]).parent if debian else None


class PrivatePostgres(PrivateServer):
    """One cluster with one superuser, `twinlock`, whose password is made anew each time."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": clients are cut off, the data files are left in order
    abandon_signal = signal.SIGQUIT

    def __init__(self) -> None:
        super().__init__()
        folder = programs()
        if folder is None:
            raise RuntimeError("PostgreSQL's programs were not found")
        self._programs = folder
        self._password = secrets.token_urlsafe(16)
        self._numbers = itertools.count(1)

    def url(self, database: str = "postgres") -> str:
        """Where to connect."""
        return f"postgresql://twinlock:{self._password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a database that is empty and nobody else's."""
        name = f"twinlock_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def kill(self) -> None:
        """Breaks every connection at once and stops without a word to the clients."""
        self._stop(self.abandon_signal)

    def command(self) -> list[str | Path]:
        """`postgres` on a loopback port."""
        # Nothing here has to outlive the machine, so the disk is not waited for.
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 300,
            "fsync": "off",
        }
        command: list[str | Path] = [self._programs / "postgres", "-D", self.folder / "data"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return command

    def prepare(self) -> None:
        """Makes the cluster."""
        password = self.folder / "password"
        password.write_text(self._password)
        self.give(password)
        command = [self._programs / "initdb", "-D", self.folder / "data", "-U", "twinlock", "--no-sync"]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self.identity())
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def answers(self) -> bool:
        """Whether one can log in."""
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True
