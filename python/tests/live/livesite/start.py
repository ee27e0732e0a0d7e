"""The reference site with the tests' settings and several worker processes."""

import os
from pathlib import Path

from running_site import HERE as SITE
from running_site import RunningSite

TESTS = Path(__file__).resolve().parents[1]
WORKERS = 4
THREADS = 32  # with four workers, a hundred requests are in hand at once


def site_in(folder: Path, *, workers: int = WORKERS, **env: str) -> RunningSite:
    """The site with everything it writes in `folder`, its limit per address out of the way."""
    common = {
        "DJANGO_SETTINGS_MODULE": "livesite.settings",
        "PYTHONPATH": os.pathsep.join((str(SITE), str(TESTS))),
        "SITE_AUDIT_LOG": str(folder / "audit.log"),
        "SITE_MAIL_DIR": str(folder / "mail"),
        "SITE_THROTTLE_RATE": "1000000/second",
    }
    return RunningSite(folder, workers=workers, threads=THREADS, env=common | env)
