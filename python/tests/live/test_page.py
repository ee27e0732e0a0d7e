"""The reference site's page in a real browser of a phone's size: sign up, enroll, sign in, turn off."""

import time
from collections.abc import Iterator

import pyotp
import pytest
from browser import phone_page
from livesite.people import PASSWORD
from playwright.sync_api import Page, expect
from running_site import RunningSite

DATABASES = ("sqlite",)


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser's page."""
    with phone_page() as found:
        yield found


def sign_in(page: Page, name: str) -> None:
    panel = page.locator("[data-panel=signed-out]")
    panel.get_by_label("User name").fill(name)
    panel.get_by_label("Password").fill(PASSWORD)
    panel.get_by_role("button", name="Sign in", exact=True).click()


def test_a_person_enrolls_and_signs_in_on_the_page(site: RunningSite, page: Page) -> None:
    name = "browser-person"
    page.goto(site.url)
    page.get_by_role("button", name="Sign up").click()
    panel = page.locator("[data-panel=sign-up]")
    panel.get_by_label("User name").fill(name)
    panel.get_by_label("Password").fill(PASSWORD)
    panel.get_by_role("button", name="Sign up").click()

    page.get_by_role("button", name="Turn on the second factor").click()
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    phone = pyotp.parse_uri(page.get_by_text("Open the app on this device").get_attribute("href") or "")
    assert isinstance(phone, pyotp.TOTP)
    assert page.locator("#secret").inner_text().replace(" ", "") == phone.secret
    page.get_by_label("The code that the app shows").fill("not a code")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_have_text("Invalid TOTP code.")
    page.get_by_label("The code that the app shows").fill(phone.now())
    page.get_by_role("button", name="Confirm").click()

    expect(page.locator("#codes li")).to_have_count(10)
    codes = page.locator("#codes li").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.path().read_text().split() == codes
    page.get_by_role("button", name="I have kept them").click()
    expect(page.locator("#enabled")).to_have_text("on")

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, name)
    page.get_by_role("button", name="Use a backup code").click()
    page.get_by_label("One of your backup codes").fill(codes[0].lower().replace("-", " "))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#codes-left")).to_have_text("9")

    page.get_by_role("button", name="Turn the second factor off").click()
    panel = page.locator("[data-panel=disable]")
    panel.get_by_label("A fresh code from your phone").fill(phone.at(time.time(), counter_offset=1))
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("status")).to_have_text("The second factor is off. Sign in again.")
    sign_in(page, name)
    expect(page.locator("#enabled")).to_have_text("off")
