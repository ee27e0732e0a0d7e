"""API-13: no other site's form does anything here."""

import re

import pytest
from django.test import Client
from people import PASSWORD

from twinlock.django import services
from twinlock.django.pages.urls import urlpatterns


@pytest.fixture
def strict(bob):
    """A signed-in browser whose forms are checked."""
    bob.sign_in()
    bob.handler.enforce_csrf_checks = True
    return bob


def test_every_page_refuses_a_post_without_the_token(strict):
    """API-13"""
    paths = [re.sub("<[^>]*>", "x", str(entry.pattern)) for entry in urlpatterns]
    assert len(paths) == 22
    for path in paths:
        response = strict.post(f"/account/{path}", {"otp_code": strict.phone.totp.now()})
        assert response.status_code == 403, path
    assert services.status(strict.user).enabled
    assert strict.post("/admin/login/").status_code == 403
    assert strict.is_in()


def test_the_pages_forms_carry_the_token(bob):
    """API-13"""
    browser = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})

    def token(path):
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).text).group(1)

    body = {"username": bob.user.username, "password": PASSWORD}
    path = "/account/sign-in/"
    response = browser.post(path, {**body, "csrfmiddlewaretoken": token(path)})
    path = response.url
    response = browser.post(path, {"otp_code": bob.phone.code(), "csrfmiddlewaretoken": token(path)})
    assert response.url == "/home/"
    assert response.cookies["sessionid"]["httponly"]


def test_no_page_changes_anything_when_it_is_only_looked_at(bob):
    bob.sign_in()
    before = services.status(bob.user).epoch, bob.session.session_key
    for entry in urlpatterns:
        path = "/account/" + str(entry.pattern)
        if "<" not in path:
            assert bob.get(path).status_code in (200, 302, 404, 405), path
    found = services.status(bob.user)
    assert (found.epoch, bob.session.session_key, found.pending_until) == (*before, None)


def test_pages_have_no_inline_script_or_style(bob, start_setup):
    bob.sign_in()
    pages = [bob.get("/account/" + str(e.pattern)) for e in urlpatterns if "<" not in str(e.pattern)]
    pages.append(start_setup(bob, "/account/devices/add/", {"otp_code": bob.phone.code()})[1])
    shown = [page.text for page in pages if page.status_code == 200]
    assert len(shown) >= 7
    for text in shown:
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text)
