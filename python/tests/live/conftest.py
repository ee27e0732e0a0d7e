"""The reference site, running for real: four worker processes, on SQLite and on PostgreSQL.

The modules that test races ask for MariaDB, too, with `DATABASES`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "examples" / "django")]

from livesite.start import site_in  # noqa: E402
from running_site import RunningSite  # noqa: E402

USUAL_DATABASES = ("sqlite", "postgresql")
SERVERS = {"postgresql": "postgres", "mariadb": "mariadb"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The running site on each of the module's databases, or the usual ones."""
    if "site" in metafunc.fixturenames:
        names = getattr(metafunc.module, "DATABASES", USUAL_DATABASES)
        metafunc.parametrize("site", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The running site on the database that the parameter names."""
    folder = tmp_path_factory.mktemp(request.param)
    env = {}
    if request.param in SERVERS:
        env["SITE_DATABASE_URL"] = request.getfixturevalue(SERVERS[request.param]).new_database()
    with site_in(folder, **env) as running:
        yield running
