"""Setting up an authenticator on the pages."""

import pytest
from django.contrib.auth import SESSION_KEY
from people import PASSWORD

from twinlock.django import services
from twinlock.django.routes import found_routes
from twinlock.django.session_evidence import SIGNED_IN_AT

SETUP, CONFIRM = "/account/setup/", "/account/setup/confirm/"


def test_a_user_sets_up_an_authenticator_and_keeps_this_session(ann, start_setup, codes_on, heard):
    ann.sign_in()
    before = ann.session.session_key
    phone, page = start_setup(ann, body={"next": "/public/"})
    assert phone.totp.secret in page.text
    assert "<svg" in page.text
    done = ann.post(CONFIRM, {"otp_code": phone.code(), "next": "/public/"})
    assert len(codes_on(done)) == 10
    assert 'href="/public/"' in done.text
    assert ann.session.session_key != before
    assert ann.is_in()
    assert services.status(ann.user).enabled
    assert "totp_created" in [name for name, _ in heard]
    ann.phone, again = phone, ann.another()
    again.phone = phone
    again.sign_in()


def test_secrets_are_shown_once_by_post_and_kept_by_no_cache(ann, start_setup, codes_on):
    """ENR-07"""
    ann.sign_in()
    phone, page = start_setup(ann)
    done = ann.post(CONFIRM, {"otp_code": phone.code()})
    for response in (page, done):
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Frame-Options"] == "DENY"
    secrets = [phone.totp.secret, *codes_on(done)]
    for path in ("/account/", SETUP, CONFIRM, "/account/backup-codes/", "/account/devices/add/"):
        shown = ann.get(path, follow=True).text
        assert not [secret for secret in secrets if secret in shown]


def test_a_wrong_first_code_is_asked_again_without_showing_the_secret(ann, start_setup):
    ann.sign_in()
    phone, _ = start_setup(ann)
    response = ann.post(CONFIRM, {"otp_code": phone.wrong()})
    assert response.status_code == 400
    assert "This code is wrong." in response.text
    assert phone.totp.secret not in response.text
    assert ann.post(CONFIRM, {"otp_code": phone.code()}).status_code == 200


def test_without_a_start_a_confirmation_leads_to_one(ann):
    ann.sign_in()
    assert ann.post(CONFIRM, {"otp_code": "123456"}).url == SETUP
    assert "Start again." in ann.get(SETUP).text


def test_a_first_authenticator_needs_a_recent_sign_in(ann):
    """ENR-06"""
    ann.sign_in()
    session = ann.session
    session[SIGNED_IN_AT] -= 601
    session.save()
    page = ann.get(SETUP)
    assert "/account/sign-in/?next=/account/setup/" in page.text
    assert ann.post(SETUP).status_code == 403
    assert services.status(ann.user).pending_until is None
    ann.sign_in()
    assert ann.post(SETUP).status_code == 200


def test_sessions_from_before_the_enrollment_show_nothing(ann, start_setup):
    """ENR-10"""
    other = ann.another().sign_in()
    ann.sign_in()
    ann.phone, _ = start_setup(ann)
    ann.post(CONFIRM, {"otp_code": ann.phone.code()})
    assert other.get("/home/").url == "/account/sign-in/code/?purpose=general&max_age=600&next=%2Fhome%2F"
    assert other.get("/account/").status_code == 302
    assert other.post("/account/turn-off/", {"otp_code": ann.phone.code()}).status_code == 302
    assert services.status(ann.user).enabled


def test_a_session_that_was_overtaken_shows_the_code_and_goes_on(ann, start_setup):
    other = ann.another().sign_in()
    ann.enroll()
    page = other.get(other.get("/home/").url)
    assert "has not shown your second factor" in page.text
    assert other.post("/account/sign-in/code/", {"next": "/home/"}).url == "/account/sign-in/code/"
    other.phone = ann.phone
    before = other.session.session_key
    assert other.answer().url == "/home/"
    assert other.session.session_key != before
    assert other.is_in()


@pytest.fixture
def due(ann, policy):
    """A user who must have a second factor, has none, and has given the password."""
    policy(REQUIRED="all")
    assert ann.password(next="/public/").url == SETUP
    return ann


def test_a_user_who_must_enroll_is_logged_in_only_afterwards(due, start_setup, codes_on):
    """API-10"""
    assert not due.is_logged_in()
    assert PASSWORD not in str(dict(due.session))
    assert "Your account must have a second factor." in due.get(SETUP).text
    phone, _ = start_setup(due)
    assert not due.is_logged_in()
    done = due.post(CONFIRM, {"otp_code": phone.code()})
    assert len(codes_on(done)) == 10
    assert 'href="/public/"' in done.text
    assert due.is_in()
    assert "twinlock_sign_in" not in due.session


def test_an_enroll_only_session_opens_nothing_but_enrollment(due):
    """ENR-11: everywhere else its user is met like a stranger."""
    paths = ["/" + route.path for route in found_routes() if "<" not in route.path and "?" not in route.path]
    assert len(paths) > 20
    for path in paths:
        if path.startswith(SETUP):
            continue
        for method in ("get", "post"):
            due.password()
            assert "twinlock_sign_in" in due.session
            met, stranger = (getattr(client, method)(path) for client in (due, due.another()))
            assert SESSION_KEY not in due.session
            assert met.status_code == stranger.status_code, path
            assert met.headers.get("Location") == stranger.headers.get("Location"), path


def test_an_enroll_only_session_dies_with_the_password(due):
    due.user.set_password("another one")
    due.user.save()
    assert due.get(SETUP).url == "/account/sign-in/?next=/public/"
    assert "twinlock_sign_in" not in due.session


def test_a_logged_in_user_who_becomes_due_is_led_to_the_setup(ann, policy):
    """API-10: tightening holds for sessions that are there."""
    ann.sign_in()
    policy(REQUIRED="all", GRACE_PERIOD=3600)
    assert ann.is_in()
    policy(GRACE_PERIOD=0)
    assert ann.get("/home/").url == "/account/setup/?next=%2Fhome%2F"
    assert ann.get(SETUP).status_code == 200


def test_a_user_within_the_grace_period_is_told_until_when(ann, policy):
    policy(REQUIRED="all", GRACE_PERIOD=86_400)
    ann.password()
    assert "Your account must have a second factor from" in ann.get("/account/").text
    assert ann.is_in()
