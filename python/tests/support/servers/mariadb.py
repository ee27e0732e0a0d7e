"""A MariaDB of one's own, as it comes: REPEATABLE READ, strict mode. `with PrivateMariadb() as mariadb:` …"""

import itertools
import secrets
import shutil
import subprocess
from pathlib import Path

import pymysql

from servers.process import PrivateServer

USER = "twinlock"


def program() -> str | None:
    """Where `mariadbd` is; Debian keeps it outside of the usual PATH."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")


class PrivateMariadb(PrivateServer):
    """One server with one user, whose password is made anew each time; root comes in by the socket alone."""

    name = "mariadb"

    def __init__(self) -> None:
        super().__init__()
        found = program()
        if found is None:
            raise RuntimeError("MariaDB's programs were not found")
        self._program = found
        self._password = secrets.token_urlsafe(16)
        self._numbers = itertools.count(1)

    def url(self, database: str = "") -> str:
        """Where to connect."""
        return f"mysql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a database that is empty and nobody else's."""
        name = f"twinlock_{next(self._numbers)}"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return self.url(name)

    def connect(self) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """A connection of the one user."""
        return pymysql.connect(host="127.0.0.1", port=self.port, user=USER, password=self._password)

    def kill(self) -> None:
        """Ends it without a word to the clients, in the middle of whatever it does."""
        self._stop(self.abandon_signal)

    def command(self) -> list[str | Path]:
        """`mariadbd` on a loopback port."""
        # What was committed survives the death of the process; that of the machine nobody has to survive.
        options = {
            "datadir": self.folder / "data",
            "socket": self.folder / "socket",
            "pid-file": self.folder / "pid",
            "init-file": self.folder / "init.sql",
            "bind-address": "127.0.0.1",
            "port": self.port,
            "max-connections": 300,
            "innodb-flush-log-at-trx-commit": 2,
        }
        given = [f"--{name}={value}" for name, value in options.items()]
        return [self._program, "--no-defaults", "--skip-name-resolve", *given]

    def prepare(self) -> None:
        """Makes the system's tables and says who the user is."""
        init = self.folder / "init.sql"
        init.write_text(
            f"CREATE OR REPLACE USER {USER}@'127.0.0.1' IDENTIFIED BY '{self._password}';\n"
            f"GRANT ALL ON *.* TO {USER}@'127.0.0.1';\n"
        )
        self.give(init)
        command = ["mariadb-install-db", "--no-defaults", f"--datadir={self.folder / 'data'}"]
        command += ["--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=socket"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self.identity())
        if done.returncode != 0:
            raise RuntimeError(f"mariadb-install-db failed:\n{done.stdout}{done.stderr}")

    def answers(self) -> bool:
        """Whether one can log in."""
        try:
            self.connect().close()
        except pymysql.OperationalError:
            return False
        return True
