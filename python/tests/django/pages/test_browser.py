"""A person with a phone whose browser runs no scripts, on pages under a strict content security policy."""

import re
from pathlib import Path

import pytest
from browser import phone_page
from people import PASSWORD, Phone, make_user
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

import twinlock.django
from twinlock.django import session_stamp


@pytest.fixture
def page(settings, monkeypatch, transactional_db):
    settings.MIDDLEWARE = ["page_urls.strict_policy", *settings.MIDDLEWARE]
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.STATIC_ROOT = Path(twinlock.django.__file__).parent / "static"
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in this thread
    server = LiveServer("localhost")
    try:
        with phone_page(java_script_enabled=False, base_url=server.url) as found:
            yield found
    finally:
        server.stop()


def click(page, name):
    """Presses a button or follows a link, on a page that fits the screen and where a thumb hits them."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )
    assert found.bounding_box()["height"] >= 40
    found.click()


def sign_in(page, user):
    page.get_by_label("Username").fill(user.get_username())
    page.get_by_label("Password").fill(PASSWORD)
    click(page, "Sign in")


def test_a_person_enrolls_signs_in_steps_up_and_turns_it_off_without_scripts(page, monkeypatch):
    user = make_user()
    page.goto("/account/")
    sign_in(page, user)
    expect(page.get_by_text("It is off.")).to_be_visible()

    click(page, "Set up")
    click(page, "Start")
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    phone = Phone(page.get_by_text("Open the app on this device").get_attribute("href"))
    assert page.locator("#secret").inner_text() == phone.totp.secret
    page.get_by_label("Code from your authenticator app").fill(phone.code())
    click(page, "Confirm")
    codes = page.get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes
    click(page, "I have kept them")
    expect(page.get_by_text("10 codes are left.")).to_be_visible()

    click(page, "Sign out")
    page.goto("/account/")
    sign_in(page, user)
    page.get_by_label("Code from your authenticator app").fill(phone.wrong())
    click(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong.")
    page.get_by_text("Use a backup code instead").click()
    page.get_by_label("One of your backup codes").fill(codes[0].lower().replace("-", " "))
    click(page, "Continue")
    expect(page.get_by_text("9 codes are left.")).to_be_visible()

    monkeypatch.setattr(session_stamp.Stamp, "shown_at", lambda stamp, purpose: stamp.steps.get(purpose))
    page.goto("/payout/")
    expect(page.get_by_role("heading")).to_have_text("Confirm that it is you")
    page.get_by_label("Code from your authenticator app").fill(phone.code())
    click(page, "Continue")
    expect(page.locator("body")).to_have_text("paid")

    page.goto("/account/")
    click(page, "Show")
    expect(page.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    click(page, "Sign out everywhere else")
    expect(page.get_by_role("status")).to_have_text("You are signed out everywhere else.")
    click(page, "Back")
    click(page, "Turn off")
    page.get_by_label("Code from your authenticator app").fill(phone.code())
    click(page, "Turn off")
    expect(page.get_by_role("status")).to_have_text("Two-factor authentication is off.")
    expect(page).to_have_url(re.compile("/account/$"))
