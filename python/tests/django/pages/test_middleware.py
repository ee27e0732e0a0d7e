"""SecondFactorMiddleware: no session goes on without the second factor, however it began."""

import asyncio

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import AsyncClient
from people import PASSWORD, sign_in

from twinlock.django import services, session_stamp, users
from twinlock.django.checks.pages import check_pages
from twinlock.django.store import rows
from twinlock.errors import StoreFault

CODE = "/account/sign-in/code/?purpose=general&max_age=600&next=%2Fhome%2F"


@pytest.fixture
def forced(bob):
    """A session that began elsewhere than on our pages."""
    bob.force_login(bob.user)
    return bob


def test_a_session_of_another_login_is_led_to_the_second_step_and_on(forced):
    """API-01"""
    assert forced.get("/home/").url == CODE
    assert forced.post("/account/sign-in/code/", {"next": "/home/"}).url == "/account/sign-in/code/"
    assert forced.get("/home/").url == CODE
    assert forced.answer().url == "/home/"
    assert forced.is_in()


def test_djangos_own_login_view_is_no_way_around_it(bob):
    """API-01"""
    assert bob.password("/plain-login/").url == "/home/"
    assert bob.get("/home/").url == CODE


def test_a_new_login_in_a_session_begins_with_nothing_shown(bob):
    bob.sign_in()
    bob.force_login(bob.user)
    assert bob.get("/home/").url == CODE


def test_programs_are_told_in_json(forced):
    for headers in (
        {"accept": "application/json"},
        {"sec-fetch-mode": "cors"},
        {"sec-fetch-mode": "no-cors"},
    ):
        response = forced.get("/home/", headers=headers)
        assert response.status_code == 403
        assert response.headers["Cache-Control"] == "no-store"
        assert response.json()["code"] == "second_factor_required"
        assert response.json()["methods"] == ["otp", "backup"]


@pytest.mark.parametrize("path", ["/open/", "/static/x.css", "/account/sign-in/"])
def test_exempt_views_stay_open(forced, path):
    assert forced.get(path).status_code == 200


def test_a_url_is_exempt_by_its_name(forced, policy):
    assert forced.get("/named/").status_code == 302
    policy(EXEMPT_URLS=["named"])
    assert forced.get("/named/").status_code == 200
    assert forced.get("/public/").status_code == 302


def test_whoever_is_half_signed_in_can_sign_out(forced):
    assert forced.post("/plain-logout/").url == "/public/"
    assert not forced.is_logged_in()


def test_users_without_a_second_factor_and_strangers_go_on(ann):
    assert ann.get("/public/").text == "hello "
    ann.force_login(ann.user)
    assert ann.is_in()


def test_a_changed_second_factor_asks_every_session_again(bob):
    """ENR-09"""
    bob.sign_in()
    services.bump_epoch(bob.user)
    assert bob.get("/home/").url == CODE


def test_what_was_shown_for_one_user_says_nothing_of_another(bob, person):
    carol = person().enroll()
    bob.sign_in()
    carol.force_login(carol.user)
    session = carol.session
    bobs = bob.session[session_stamp.KEY]
    epoch = services.status(carol.user).epoch
    for stamp in (bobs, {**bobs, "credential": users.credential(carol.user), "epoch": epoch}):
        session[session_stamp.KEY] = stamp
        session.save()
        assert carol.get("/home/").status_code == 302


def test_an_altered_mirror_of_enabled_turns_nothing_off(forced):
    rows(str(forced.user.pk)).update(enabled=False)
    assert forced.get("/home/").url == CODE


def test_a_session_with_its_second_factor_costs_one_query(bob, django_assert_num_queries):
    bob.sign_in()
    with django_assert_num_queries(3):  # session, user, epoch
        assert bob.is_in()


def test_a_bearer_token_of_the_same_user_shows_the_second_factor(forced, person):
    headers = {"authorization": f"Bearer {sign_in(forced.user, forced.phone).access}"}
    assert forced.get("/home/", headers=headers).status_code == 200
    carol = person().enroll()
    carol.force_login(carol.user)
    assert carol.get("/home/", headers=headers).status_code == 302
    assert carol.get("/home/", headers={"authorization": "Bearer nonsense"}).status_code == 302


@pytest.mark.parametrize("error", [StoreFault, OperationalError])
def test_where_nothing_can_be_looked_up_nobody_goes_on(bob, monkeypatch, error):
    bob.sign_in()

    def down(request):
        raise error

    monkeypatch.setattr(session_stamp, "valid", down)
    response = bob.get("/home/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "try again later" in response.text
    response = bob.get("/home/", headers={"accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (503, "store_failed")


@pytest.mark.django_db(transaction=True)
def test_async_views_are_asked_for_in_the_same_way(bob, person):
    """API-07"""
    session, other = bob.sign_in().session.session_key, person().enroll()
    other.force_login(other.user)

    async def visit(key):
        client = AsyncClient(headers={"accept": "text/html"})
        client.cookies["sessionid"] = key
        return await client.get("/later/")

    assert asyncio.run(visit(session)).text == f"later {bob.user.username}"
    assert asyncio.run(visit(other.session.session_key)).url.startswith("/account/sign-in/code/?")


def test_the_check_knows_a_middleware_that_cannot_work(settings):
    assert check_pages() == []
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    assert [found.id for found in check_pages()] == ["twinlock.W015"]
    settings.MIDDLEWARE = ["twinlock.django.middleware.SecondFactorMiddleware"]
    settings.ROOT_URLCONF = "urls"
    assert [found.id for found in check_pages()] == ["twinlock.E008", "twinlock.E008"]
    settings.MIDDLEWARE = []
    assert check_pages() == []
    settings.ROOT_URLCONF = "bare_urls"
    assert [found.id for found in check_pages()] == ["twinlock.E008"]
    assert "TwinlockAdminSite has no pages" in check_pages()[0].msg


def test_without_pages_the_middleware_still_lets_nobody_through(forced, settings):
    settings.ROOT_URLCONF = "bare_urls"
    response = forced.get("/home/")
    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")


def test_a_user_in_doubt_has_a_backend_named(person, settings):
    from twinlock.django.pages.flow import backend_of

    user = person().user
    assert backend_of(user) == "django.contrib.auth.backends.ModelBackend"
    settings.AUTHENTICATION_BACKENDS = ["one.Backend", "two.Backend"]
    assert backend_of(user, "two.Backend") == "two.Backend"
    with pytest.raises(ImproperlyConfigured):
        backend_of(user)
    assert user.check_password(PASSWORD)
