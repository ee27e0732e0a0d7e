"""STO-01: what holds on SQLite holds on PostgreSQL and MariaDB, by the same tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DUMP = "test_audit.py::test_sto_04_log_02_neither_the_database_nor_the_log_holds_a_secret"
STATEMENTS = "../drf/test_every_statement.py::test_sto_02_each_statement_may_fail[{}]"
FAILURES = ("sign-in-before", "backup code-after", "confirm-before", "confirm-after", "disable-after")
TESTS = (
    "test_store.py",
    "test_values.py",
    "test_races.py",
    "test_rivals.py",
    "test_engines.py",
    "test_one_commit.py",
    "test_one_commit_engines.py",
    "test_dropped_connections.py",
    *map(STATEMENTS.format, FAILURES),
    DUMP,
)


@pytest.mark.parametrize(
    ("server", "more"),
    [("postgres", ""), ("postgres", "?prepared"), ("mariadb", "")],
    ids=["postgres", "postgres that keeps plans", "mariadb"],
)
def test_the_stores_tests_pass_on_a_server(server, more, request):
    url = request.getfixturevalue(server).new_database() + more
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
    environment = {**os.environ, "TWINLOCK_TEST_DB": url}
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " skipped" not in done.stdout
