"""The reference site's pages for sessions and its admin, in a phone-sized browser that runs no scripts."""

from collections.abc import Iterator

import pyotp
import pytest
from browser import phone_page
from livesite.people import PASSWORD
from playwright.sync_api import Page, expect
from running_site import RunningSite

NAME = "session-person"

DATABASES = ("sqlite",)


@pytest.fixture
def page(site: RunningSite) -> Iterator[Page]:
    """A browser's page of the site."""
    with phone_page(java_script_enabled=False, base_url=site.url) as found:
        yield found


def sign_in(page: Page, button: str = "Sign in") -> None:
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def test_a_person_turns_it_on_and_is_asked_by_the_pages_and_by_the_admin(page: Page) -> None:
    """API-01"""
    body = {"username": NAME, "password": PASSWORD, "email": f"{NAME}@example.com"}
    assert page.request.post("/api/example/sign_up/", data=body).status == 201
    page.goto("/account/security/")
    assert page.locator("main").evaluate("element => getComputedStyle(element).maxWidth") == "448px"
    sign_in(page)
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("button", name="Start").click()
    phone = pyotp.TOTP(page.locator("#secret").inner_text())
    page.get_by_label("Code from your authenticator app").fill(phone.now())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("listitem")).to_have_count(10)
    code = page.get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/account/security/")
    sign_in(page)
    expect(page.get_by_role("heading")).to_have_text("One more step")
    page.goto("/admin/")
    sign_in(page, "Log in")  # nobody is staff here: the admin says so before it asks for a code
    expect(page.get_by_text("staff account")).to_be_visible()
    page.goto("/account/security/sign-in/code/")
    page.get_by_text("Use a backup code instead").click()
    page.get_by_label("One of your backup codes").fill(code)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("9 codes are left.")).to_be_visible()
