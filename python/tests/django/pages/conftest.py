"""A session site, and people who use it with browsers that run no scripts."""

import html
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from people import PASSWORD, Phone, enroll, make_user

MIDDLEWARE = "twinlock.django.middleware.SecondFactorMiddleware"


@pytest.fixture(autouse=True)
def session_site(settings, db):
    """The URLs of `page_urls` behind Twinlock's middleware."""
    settings.ROOT_URLCONF = "page_urls"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, MIDDLEWARE]
    settings.LOGIN_URL = "twinlock:sign_in"
    settings.LOGIN_REDIRECT_URL = "/home/"
    settings.STATIC_URL = "/static/"
    unlimited = {"THROTTLE_RATE": "100000/minute"}
    settings.TWINLOCK = {**settings.TWINLOCK, **unlimited, "STEP_UP_PURPOSES": ["payout"]}


@pytest.fixture
def policy(settings):
    """Sets the policy's options and other settings of `TWINLOCK`."""

    def change(options=None, **changes):
        merged = {**settings.TWINLOCK["POLICY"], **(options or {})}
        settings.TWINLOCK = {**settings.TWINLOCK, **changes, "POLICY": merged}

    return change


class Browser(Client):
    """A client with a user. It asks for pages, as browsers do."""

    def __init__(self, user, **kwargs):
        super().__init__(headers={"accept": "text/html,*/*;q=0.8"}, **kwargs)
        self.user = user
        self.phone = None
        self.backup_codes = []

    def password(self, path="/account/sign-in/", **more):
        return self.post(path, {"username": self.user.get_username(), "password": PASSWORD, **more})

    def answer(self, code=None, **more):
        code = self.phone.code() if code is None else code
        return self.post("/account/sign-in/code/", {"otp_code": code, **more})

    def sign_in(self):
        self.password()
        if self.phone is not None:
            assert self.answer().status_code == 302
        assert self.is_in()
        return self

    def enroll(self):
        self.phone, self.backup_codes = enroll(self.user)
        return self

    def another(self):
        """The same person at another browser."""
        found = Browser(self.user)
        found.phone, found.backup_codes = self.phone, self.backup_codes
        return found

    def is_in(self):
        """Whether the site is open to this browser."""
        return self.get("/home/").status_code == 200

    def is_logged_in(self):
        return SESSION_KEY in self.session


@pytest.fixture
def ann():
    return Browser(make_user())


@pytest.fixture
def bob():
    """A user with a second factor."""
    return Browser(make_user()).enroll()


@pytest.fixture
def person():
    """Makes a user with a browser."""
    return lambda **fields: Browser(make_user(**fields))


@pytest.fixture
def start_setup():
    """Starts an enrollment on the pages; returns the phone that scanned the QR code, and the page."""

    def start(browser, path="/account/setup/", body=None):
        page = browser.post(path, body or {})
        assert page.status_code == 200, page.headers
        uri = html.unescape(re.search(r'href="(otpauth://[^"]+)"', page.text).group(1))
        return Phone(uri), page

    return start


@pytest.fixture
def codes_on():
    """The backup codes that a page shows."""
    return lambda page: re.findall(r"<li>([0-9A-Za-z-]+)</li>", page.text)
