"""API-02: a new password by mail neither signs in without the second factor nor drops it."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from twinlock.django import services

NEW = "quite another battery 7"


def reset(browser, kind):
    browser.user.refresh_from_db()
    uid = urlsafe_base64_encode(force_bytes(browser.user.pk))
    page = browser.get(f"/{kind}/{uid}/{default_token_generator.make_token(browser.user)}/")
    return browser.post(page.url, {"new_password1": NEW, "new_password2": NEW})


@pytest.mark.parametrize("kind", ["reset", "plain-reset"])
def test_it_ends_at_the_second_step(bob, kind):
    """API-02: Django's own view by the middleware, ours by itself."""
    reset(bob, kind)
    assert not bob.is_in()
    assert services.status(bob.user).enabled


def test_our_view_logs_in_after_the_code(bob, settings):
    """API-02"""
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    assert reset(bob, "reset").url == "/account/sign-in/code/"
    assert not bob.is_logged_in()
    assert bob.answer().url == "/home/"
    assert bob.is_in()
    bob.user.refresh_from_db()
    assert bob.user.check_password(NEW)


def test_our_view_logs_in_a_user_without_a_second_factor(ann):
    """API-02"""
    assert reset(ann, "reset").url == "/home/"
    assert ann.is_in()


def test_a_reset_ends_what_other_sessions_have_shown(bob):
    """API-02"""
    other = bob.another().sign_in()
    reset(bob, "reset")
    assert not other.is_in()
