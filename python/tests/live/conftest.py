"""The reference site, running for real: four worker processes, on SQLite and on PostgreSQL."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "examples" / "django")]

from livesite.start import site_in  # noqa: E402
from running_site import RunningSite  # noqa: E402


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The running site on each database."""
    folder = tmp_path_factory.mktemp(request.param)
    env = {}
    if request.param == "postgresql":
        env["SITE_DATABASE_URL"] = request.getfixturevalue("postgres").new_database()
    with site_in(folder, **env) as running:
        yield running
