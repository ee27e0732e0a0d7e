"""Where a user is signed in, and the way to end all of it but the browser at hand."""

import re

import pytest
from people import PASSWORD, enroll, sign_in

from twinlock.django import services, session_stamp
from twinlock.errors import Refused, StoreFault

PAGE, OTHERS = "/account/sessions/", "/account/sessions/end/"
PROGRAM = {"accept": "application/json"}


def app(browser, name):
    """Signs an app of the browser's user in; returns its tokens."""
    challenge = services.begin_sign_in(browser.user)
    proof = challenge.proof or services.finish_sign_in(challenge.challenge, otp=browser.phone.code())[1]
    return services.mint(browser.user, proof, device=name)


def ends(page):
    return re.findall(r'action="(/account/sessions/[^"]+/end/)"', page.text)


def is_alive(tokens):
    try:
        services.refresh(tokens.refresh)
    except Refused:
        return False
    return True


def test_without_an_app_the_page_shows_this_browser(bob):
    page = bob.sign_in().get(PAGE, headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    assert "Firefox on Linux" in page.text
    assert "Signed in: " in page.text
    assert "127.0.0.1" in page.text
    assert "No app is signed in." in page.text
    assert ends(page) == []
    assert f'href="{PAGE}"' in bob.get("/account/").text


def test_apps_are_listed_and_ended_one_by_one(bob, heard, audited):
    phone, tablet = app(bob, "Phone <b>"), app(bob, "Tablet")
    page = bob.sign_in().get(PAGE)
    assert "Phone &lt;b&gt;" in page.text
    assert 'aria-label="Sign out Tablet"' in page.text
    assert len(ends(page)) == 2
    path = next(found for found in ends(page) if services.living_sessions(bob.user)[0].pk in found)
    assert bob.post(path).url == PAGE
    assert "The app was signed out." in bob.get(PAGE).text
    assert sorted([is_alive(phone), is_alive(tablet)]) == [False, True]
    assert bob.post(path).status_code == 404
    assert "session_revoked" in audited.names
    assert "session_revoked" in [name for name, _ in heard]


def test_another_users_session_is_unknown_and_a_look_ends_nothing(bob, person):
    """JWT-11"""
    stranger = person().enroll()
    tokens = app(stranger, "Theirs")
    path = f"/account/sessions/{services.living_sessions(stranger.user)[0].pk}/end/"
    bob.sign_in()
    assert bob.post(path).status_code == 404
    assert [bob.get(one).status_code for one in (path, OTHERS)] == [405, 405]
    assert "Theirs" not in bob.get(PAGE).text
    assert is_alive(tokens)


def test_everywhere_else_is_signed_out_and_this_browser_is_not(bob, policy):
    policy({"trusted_devices": 3})
    other, trusting, waiting = bob.another().sign_in(), bob.another(), bob.another()
    trusting.password()
    trusting.answer("", backup_code=bob.backup_codes[0], trust_device="on")
    tokens = app(bob, "Phone")
    waiting.password()
    bob.sign_in()
    assert len(services.status(bob.user).trusted_devices) == 1
    assert bob.post(OTHERS).url == PAGE
    page = bob.get(PAGE)
    assert "You are signed out everywhere else." in page.text
    assert "No app is signed in." in page.text
    assert bob.is_in()
    assert not is_alive(tokens)
    assert not other.is_in()
    assert other.get("/home/").url.startswith("/account/sign-in/code/"), "a second factor takes it up again"
    assert not services.status(bob.user).trusted_devices
    assert waiting.answer("", backup_code=bob.backup_codes[1]).url.startswith("/account/sign-in/?")


@pytest.mark.parametrize("way", ["page", "plain", "forced"])
def test_without_a_second_factor_other_browsers_are_signed_out_however_they_came_in(ann, way):
    other = ann.another()
    {
        "page": other.sign_in,
        "plain": lambda: other.password("/plain-login/"),
        "forced": lambda: other.force_login(other.user),
    }[way]()
    ann.sign_in()
    assert other.is_in()
    assert ann.post(OTHERS).url == PAGE
    assert ann.is_in()
    assert ann.post(OTHERS).url == PAGE
    assert ann.is_in()
    answer = other.get("/home/", headers=PROGRAM)
    assert (answer.status_code, answer.json()["code"]) == (403, "session_ended")
    assert not other.is_logged_in()
    assert other.sign_in().is_in()


def test_a_person_is_led_to_the_sign_in_and_back(ann):
    other = ann.another().sign_in()
    services.logout_all(ann.user)
    assert other.get("/home/").url == "/account/sign-in/?next=/home/"
    assert not other.is_logged_in()
    body = {"username": ann.user.username, "password": PASSWORD, "next": "/home/"}
    assert other.post("/account/sign-in/", body).url == "/home/"
    assert other.is_in()


def test_turning_it_off_signs_out_other_browsers(bob):
    """ENR-09"""
    other = bob.another().sign_in()
    bob.sign_in()
    bob.post("/account/turn-off/", {"otp_code": bob.phone.code()})
    assert bob.is_in()
    assert other.get("/home/").url == "/account/sign-in/?next=/home/"


def test_a_reset_by_an_operator_signs_out_every_browser(bob):
    """ENR-09"""
    bob.sign_in()
    services.admin_reset(bob.user)
    assert bob.get("/home/").url == "/account/sign-in/?next=/home/"


def test_a_new_password_keeps_the_browser_that_chose_it(ann):
    from django.contrib.auth import update_session_auth_hash
    from django.test import RequestFactory

    ann.sign_in()
    request = RequestFactory().get("/")
    request.session, request.user = ann.session, ann.user
    ann.user.set_password("another horse 8")
    ann.user.save()
    update_session_auth_hash(request, ann.user)
    request.session.save()
    ann.cookies["sessionid"] = request.session.session_key
    assert ann.is_in()
    assert ann.post(OTHERS).url == PAGE
    assert ann.is_in()
    services.logout_all(ann.user)
    assert not ann.is_in()


def test_the_admin_site_ends_a_session_as_the_middleware_does(person, settings, policy):
    policy(ADMIN_REQUIRES_SECOND_FACTOR=False)
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    staff = person(is_staff=True, is_superuser=True).sign_in()
    assert staff.get("/admin/").status_code == 200
    services.logout_all(staff.user)
    assert staff.get("/admin/").url == "/account/sign-in/?next=/admin/"


def test_a_login_whose_epoch_cannot_be_read_goes_on_and_has_shown_nothing(bob, monkeypatch):
    def down(*args):
        raise StoreFault

    with monkeypatch.context() as broken:
        broken.setattr(session_stamp, "_epoch_of", down)
        bob.force_login(bob.user)
    assert session_stamp.KEY not in bob.session
    assert not bob.is_in()


def test_a_login_without_a_proof_has_shown_nothing(ann):
    ann.force_login(ann.user)
    phone, _ = enroll(ann.user)
    assert ann.session[session_stamp.KEY]["amr"] == []
    assert ann.get("/home/").url.startswith("/account/sign-in/code/")
    assert sign_in(ann.user, phone)


def test_where_the_epoch_cannot_be_moved_nothing_is_said_to_have_ended(bob, monkeypatch):
    tokens = app(bob, "Phone")
    bob.sign_in()

    def down(*args, **kwargs):
        raise StoreFault

    monkeypatch.setattr("twinlock.django.services.sessions.bump_epoch", down)
    assert bob.post(OTHERS).status_code == 503
    assert is_alive(tokens)
    assert bob.is_in()
