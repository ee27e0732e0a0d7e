"""Users without an authenticator, and sites of other kinds: what a session of another login is asked for."""

import re

import pytest

from twinlock.django import services

SENT = {"fallback": "sent_code", "sent_codes": "sign_in"}


@pytest.fixture
def forced(ann, policy):
    """A session that began elsewhere, of a user without an authenticator."""
    ann.force_login(ann.user)
    return ann


def go_on(browser):
    """Presses the button of the second step."""
    assert browser.get("/home/").url.startswith("/account/sign-in/code/?")
    return browser.post("/account/sign-in/code/", {"next": "/home/"})


def test_a_code_is_sent_when_the_user_asks_for_it_and_not_before(forced, policy, mailoutbox):
    policy(SENT, CODE_SENDER="twinlock.django.delivery.email_code")
    forced.get("/home/", follow=True)
    assert mailoutbox == []
    assert go_on(forced).url == "/account/sign-in/code/"
    code = re.search(r"\b\d{7}\b", mailoutbox[-1].body).group()
    assert forced.post("/account/sign-in/code/", {"sent_code": code}).url == "/home/"
    assert forced.is_in()


def test_a_user_who_chose_to_do_without_goes_on(forced, policy):
    policy({**SENT, "opt_out": "allowed"}, CODE_SENDER="twinlock.django.delivery.email_code")
    services.set_method(forced.user, "off")
    assert go_on(forced).url == "/home/"
    assert forced.is_in()


def test_where_all_must_enroll_the_session_is_led_to_it_and_goes_on(forced, policy, start_setup):
    policy({"fallback": "enroll"})
    assert go_on(forced).url == "/account/setup/"
    phone, _ = start_setup(forced)
    assert 'href="/home/"' in forced.post("/account/setup/confirm/", {"otp_code": phone.code()}).text
    assert forced.is_in()


def test_an_enrollment_that_waits_in_a_session_is_not_for_another_user_of_it(forced, policy, person):
    policy({"fallback": "enroll"})
    go_on(forced)
    waiting = forced.session["twinlock_sign_in"]
    other = person()
    other.force_login(other.user)
    session = other.session
    session["twinlock_sign_in"] = waiting
    session.save()
    assert other.post("/account/setup/").url == "/account/sign-in/?next=/home/"
    assert services.status(forced.user).pending_until is None


def test_the_pages_work_where_every_view_wants_a_login(bob, settings):
    required = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, required]
    bob.password()
    assert bob.get("/account/sign-in/code/").status_code == 200
    assert bob.answer().url == "/home/"
    assert bob.is_in()


def test_the_pages_and_the_admin_work_with_a_transaction_around_each_request(person, settings, monkeypatch):
    from django.db import connection

    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    bob = person(is_staff=True, is_superuser=True).enroll()
    assert bob.password("/admin/login/?next=/admin/").url == "/account/sign-in/code/"
    assert bob.answer().url == "/admin/"
    assert bob.get("/admin/").status_code == 200
    assert bob.post("/account/turn-off/", {"otp_code": bob.phone.code()}).url == "/account/"


def test_the_api_for_signing_in_is_open_to_a_session_that_has_shown_nothing(bob, ann):
    bob.force_login(bob.user)
    body = {"username": ann.user.username, "password": "wrong"}
    assert bob.post("/api/jwt/create/", body).status_code == 401
    assert bob.get("/api/totp/status/", headers={"accept": "application/json"}).status_code == 403
