"""The database servers that several rooms' tests use."""

import os
from collections.abc import Iterator

import pytest
from servers.mariadb import PrivateMariadb
from servers.mariadb import program as mariadb_program
from servers.postgres import PrivatePostgres
from servers.postgres import programs as postgres_programs
from servers.redis import PrivateRedis
from servers.redis import program as redis_program


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL; where it is not installed, its tests are left out, but never with CI=true."""
    if postgres_programs() is None and os.environ.get("CI") != "true":
        pytest.skip("MISSING: PostgreSQL (Debian package postgresql)")
    with PrivatePostgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[PrivateMariadb]:
    """A private MariaDB; where it is not installed, its tests are left out, but never with CI=true."""
    if mariadb_program() is None and os.environ.get("CI") != "true":
        pytest.skip("MISSING: MariaDB (Debian package mariadb-server)")
    with PrivateMariadb() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[PrivateRedis]:
    """A private Redis; where it is not installed, its tests are left out, but never with CI=true."""
    if redis_program() is None and os.environ.get("CI") != "true":
        pytest.skip("MISSING: redis-server (Debian package redis-server)")
    with PrivateRedis() as server:
        yield server
