"""STO-03, STO-02: eight processes with all kinds of calls on few accounts; some get killed, and databases.

`make test-mixed` runs it for ten minutes on each database.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("mixed_run.py")
SECONDS = 8
NEEDS = {"sqlite": None, "postgresql": "postgres", "mariadb": "mariadb"}


@pytest.mark.parametrize("database", NEEDS)
def test_sto_03_killed_processes_and_databases_lose_nothing_and_accept_nothing_twice(database, request):
    if NEEDS[database]:
        request.getfixturevalue(NEEDS[database])  # leaves the test out where there is none
    command = [sys.executable, str(PROGRAM), "--database", database, "--kill", "--minutes", str(SECONDS / 60)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in ("accepted: otp", "victim: wrong_code"):
        assert f" {kind}\n" in done.stdout, done.stdout
