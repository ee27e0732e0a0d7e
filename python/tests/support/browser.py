"""A browser of a phone's size. The test fails when it complains about anything but a refusal."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}


@contextmanager
def phone_page(**options: Any) -> Iterator[Page]:
    """A page in a context of its own with these options; where Chromium is missing, the test is left out.

    Never so with CI=true.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("Chromium is not installed")
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if (
            message.type in {"error", "warning"}
            and "the server responded with a status of 4" not in message.text
        ):
            complaints.append(message.text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_context(viewport=PHONE, **options).new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
    assert not complaints
