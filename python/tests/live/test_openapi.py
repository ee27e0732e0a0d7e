"""The running site keeps what docs/openapi.json promises, whatever schemathesis sends it.

It sends values of every kind to every endpoint, right and wrong, and compares each answer's status, content
type, headers and body with the document. A defect (5xx), an undocumented answer or an endpoint that answers
without its token is a failure. The seed is fixed, the time limited.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from livesite.people import Person
from livesite.start import site_in
from running_site import RunningSite

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/openapi.json"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
)
OPTIONS = (
    f"--checks={','.join(CHECKS)}",
    "--phases=coverage,fuzzing",
    "--max-examples=10",
    "--max-time=15",
    "--seed=1",
    "--workers=1",  # Python 3.11 cannot parse its own source in two threads at once, as Hypothesis does
    "--continue-on-failure",
    "--no-shrink",
    "--no-color",
    "--warnings=off",
    "--generation-database=none",
)
ENDS_THE_SESSION = ("twinlock_logout", "twinlock_logout_everywhere")


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of its own on SQLite: what is sent here locks accounts and fills lists."""
    with site_in(tmp_path_factory.mktemp("openapi")) as running:
        yield running


def test_api_13_everybody_is_answered_as_documented(fuzzed: RunningSite, tmp_path: Path) -> None:
    """API-03, API-13: without a token."""
    _run(fuzzed, tmp_path)


def test_api_13_a_user_is_answered_as_documented(fuzzed: RunningSite, tmp_path: Path) -> None:
    """API-03, API-13: with a living access token of a user with a second factor."""
    token = Person(fuzzed).enrolled().access
    but = [f"--exclude-operation-id={name}" for name in ENDS_THE_SESSION]
    _run(fuzzed, tmp_path, "--header", f"Authorization: Bearer {token}", *but)


def _run(site: RunningSite, folder: Path, *more: str) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(DOCUMENT), "--url", site.url]
    done = subprocess.run(
        [*command, *OPTIONS, *more], cwd=folder, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr + site.log_tail()
    assert "Coverage" in done.stdout, done.stdout
