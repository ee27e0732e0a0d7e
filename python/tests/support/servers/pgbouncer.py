"""PgBouncer before a private PostgreSQL: each transaction may get another of its few connections."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from servers.postgres import PrivatePostgres
from servers.process import PrivateServer


def program() -> str | None:
    """Where `pgbouncer` is; Debian keeps it outside of the usual PATH."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


class PrivatePgbouncer(PrivateServer):
    """`with PrivatePgbouncer(postgres) as pgbouncer:` Its databases are those of the server behind it."""

    name = "pgbouncer"

    def __init__(self, behind: PrivatePostgres) -> None:
        super().__init__()
        found = program()
        if found is None:
            raise RuntimeError("pgbouncer was not found")
        self._program = found
        self._behind = behind

    def url(self, database: str = "postgres") -> str:
        """Where to connect."""
        parts = urlsplit(self._behind.url(database))
        return parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{self.port}").geturl()

    def new_database(self) -> str:
        """The URL of a database that is empty and nobody else's."""
        return self.url(urlsplit(self._behind.new_database()).path[1:])

    def crash(self) -> None:
        """Kills the database behind it."""
        self._behind.crash()

    def command(self) -> list[str | Path]:
        """`pgbouncer` on a loopback port."""
        parts = urlsplit(self._behind.url())
        users = self.folder / "users"
        users.write_text(f'"{parts.username}" "{parts.password}"\n')
        config = self.folder / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host=127.0.0.1 port={parts.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"auth_type = scram-sha-256\nauth_file = {users}\n"
            "pool_mode = transaction\ndefault_pool_size = 3\nmax_client_conn = 300\n"
            "server_login_retry = 1\nignore_startup_parameters = extra_float_digits\n"
        )
        self.give(users)
        self.give(config)
        return [self._program, config]

    def start(self) -> None:
        """Starts it, and what is behind it where that was killed."""
        if self._process is None:
            super().start()
        else:
            self._behind.start()

    def answers(self) -> bool:
        """Whether one can log in."""
        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True
