"""The reference site, running for real: four worker processes, on SQLite and on PostgreSQL."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SITE = HERE.parents[2] / "examples" / "django"
sys.path[:0] = [str(HERE), str(SITE)]

from postgres import PrivatePostgres, programs  # noqa: E402
from running_site import RunningSite  # noqa: E402

WORKERS = 4
THREADS = 32  # with four workers, a hundred requests are in hand at once


def site_in(folder: Path, **env: str) -> RunningSite:
    """The site with the tests' settings, its limit per address out of the way."""
    common = {
        "DJANGO_SETTINGS_MODULE": "live_settings",
        "PYTHONPATH": os.pathsep.join((str(SITE), str(HERE))),
        "SITE_AUDIT_LOG": str(folder / "audit.log"),
        "SITE_MAIL_DIR": str(folder / "mail"),
        "SITE_THROTTLE_RATE": "1000000/second",
    }
    return RunningSite(folder, workers=WORKERS, threads=THREADS, env=common | env)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL; where it is not installed, its tests are left out, but never with CI=true."""
    if programs() is None and os.environ.get("CI") != "true":
        pytest.skip("PostgreSQL is not installed")
    with PrivatePostgres() as database:
        yield database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The running site on each database."""
    folder = tmp_path_factory.mktemp(request.param)
    env = {}
    if request.param == "postgresql":
        env["SITE_DATABASE_URL"] = request.getfixturevalue("postgres").url
    with site_in(folder, **env) as running:
        yield running
