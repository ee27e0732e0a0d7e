"""A Redis of one's own, which writes down each change before it acknowledges it."""

import itertools
import secrets
import shutil
from pathlib import Path

import redis

from servers.process import PrivateServer


def program() -> str | None:
    """Where `redis-server` is."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


class PrivateRedis(PrivateServer):
    """One server with a password that is made anew each time; `replica_of` makes it another's replica."""

    name = "redis"

    def __init__(self, replica_of: "PrivateRedis | None" = None) -> None:
        super().__init__()
        found = program()
        if found is None:
            raise RuntimeError("redis-server was not found")
        self._program = found
        self._primary = replica_of
        self.password: str = replica_of.password if replica_of else secrets.token_urlsafe(16)
        self._numbers = itertools.count(1)

    def url(self, user: str = "", password: str | None = None) -> str:
        """Where to connect."""
        return f"redis://{user}:{password or self.password}@127.0.0.1:{self.port}/0"

    def new_prefix(self) -> str:
        """A prefix that is nobody else's."""
        return f"twinlock-{next(self._numbers)}:"

    def command(self) -> list[str | Path]:
        """`redis-server` on a loopback port."""
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        options += ["--requirepass", self.password, "--masterauth", self.password, "--save", ""]
        options += ["--appendfsync", "always", "--repl-diskless-sync-delay", "0"]
        if self._primary is None:
            options += ["--appendonly", "yes"]
        else:  # what its primary sends is all that it has to know
            options += ["--replicaof", f"127.0.0.1 {self._primary.port}"]
        return [self._program, *options]

    def answers(self) -> bool:
        """Whether it is there and has loaded its data."""
        try:
            with redis.Redis.from_url(self.url()) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
