"""THR-07: posted forms are counted as requests to the endpoints are, and too many are a page of their own."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from people import PASSWORD

from twinlock.django import services, throttle
from twinlock.django.pages import urls
from twinlock.django.pages.base import Guarded

SIGN_IN, CODE = "/account/sign-in/", "/account/sign-in/code/"
MOMENT = 1_800_000_003.5


@pytest.fixture(autouse=True)
def empty_windows(settings, monkeypatch):
    """Counters that no other test has counted in, and a clock of theirs that stands still."""
    cache.clear()
    moment = [MOMENT]
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: moment[0]))
    yield moment
    cache.clear()


@pytest.fixture
def rate(policy):
    return lambda text, **changes: policy(THROTTLE_RATE=text, **changes)


def test_a_page_says_when_to_come_back_and_the_right_password_does_not_help(bob, rate, empty_windows):
    rate("2/minute")
    for _ in range(2):
        assert bob.post(SIGN_IN, {"username": "nobody", "password": "wrong"}).status_code == 200
    response = bob.password()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "57")
    assert "no-store" in response.headers["Cache-Control"]
    assert "There were too many requests. Try again in 57 seconds." in response.text
    assert f'href="{SIGN_IN}"' in response.text
    assert "twinlock_sign_in" not in bob.session
    assert bob.get(SIGN_IN).status_code == 200, "looking is not counted"
    empty_windows[0] += 60
    assert bob.password().url == CODE


def test_a_program_is_told_in_json(bob, rate):
    rate("1/minute")
    bob.password()
    response = bob.post(SIGN_IN, {}, headers={"accept": "application/json"})
    assert response.status_code == 429
    detail = "There were too many requests. Try again in 57 seconds."
    assert response.json() == {"detail": detail, "code": "throttled", "retry_after": 57}


def test_codes_are_counted_by_address_whatever_the_session(bob, person, rate):
    """THR-01: the limit is beside the account's own, and no new session lifts it."""
    others = [person().enroll() for _ in range(3)]
    for browser in (bob, *others):
        browser.password()
    rate("3/day")
    assert [browser.answer("000000").status_code for browser in others] == [400, 400, 400]
    assert bob.answer().status_code == 429
    assert bob.answer(REMOTE_ADDR="198.51.100.9").status_code == 429, "a field of the form is no address"
    assert services.status(bob.user).failures_in_a_row == 0
    response = bob.post(CODE, {"otp_code": bob.phone.code()}, REMOTE_ADDR="198.51.100.9")
    assert response.url == "/home/"


def test_who_is_signed_in_is_counted_whatever_the_address(bob, person, rate):
    bob.sign_in()
    other = person().enroll().sign_in()
    rate("1/day")
    for number, status in enumerate((400, 429)):
        address = f"198.51.100.{number}"
        assert bob.post("/account/turn-off/", {}, REMOTE_ADDR=address).status_code == status
    assert other.post("/account/turn-off/", {}).status_code == 400


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 200)])
def test_thr_02_a_forwarded_address_counts_only_from_a_proxy_of_ours(db, rate, proxies, status):
    rate("1/day", TRUSTED_PROXIES=proxies)
    client = Client(headers={"accept": "text/html"})
    for number, expected in enumerate((200, status)):
        headers = {"x-forwarded-for": f"203.0.113.{number}"}
        assert client.post(SIGN_IN, {"username": "x"}, headers=headers).status_code == expected


def test_endpoints_and_pages_count_in_the_same_way(ann, rate):
    """One rule: what the endpoints' throttle claims is counted by `twinlock.django.throttle`, too."""
    rate("1/day")
    credentials = {"username": ann.user.username, "password": PASSWORD}
    assert ann.post("/api/jwt/create/", credentials, "application/json").status_code == 200
    assert ann.post("/api/jwt/create/", credentials, "application/json").status_code == 429
    assert ann.password().status_code == 302, "a bucket of its own"
    assert ann.another().password().status_code == 429


def test_every_form_of_the_pages_is_in_a_bucket():
    views = [pattern.callback.view_class for pattern in urls.urlpatterns if pattern.name != "sign_out"]
    assert len(views) > 12
    assert all(issubclass(view, Guarded) and view.throttle_group.startswith("page-") for view in views)


@pytest.mark.parametrize(
    "path", ["account/sign-in", "account/sign-in/code", "admin/login", "reset/x/set-password"]
)
def test_who_is_over_the_limit_is_refused_at_each_door(db, rate, path):
    rate("1/day")
    client = Client(headers={"accept": "text/html"})
    assert client.post(f"/{path}/").status_code in (200, 302)
    assert client.post(f"/{path}/").status_code == 429


def test_thr_05_a_cache_that_does_not_count_lets_nobody_through(bob, settings, rate):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = bob.password()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "Requests cannot be counted at the moment" in response.text
    assert "twinlock_sign_in" not in bob.session
    rate("10/minute", DANGER_THROTTLE_FAILS_OPEN=True)
    assert bob.password().url == CODE
