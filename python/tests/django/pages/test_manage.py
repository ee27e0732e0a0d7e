"""Managing the second factor on the pages: every change takes a fresh code."""

import re
from pathlib import Path

import pytest

import twinlock
from twinlock.django import services
from twinlock.django.pages import base

OURS = str(Path(twinlock.__file__).parent)


@pytest.fixture
def signed_in(bob):
    return bob.sign_in()


def test_the_page_shows_the_state_and_nothing_secret(signed_in):
    page = signed_in.get("/account/").text
    assert "It is on." in page
    assert "10 codes are left." in page
    assert signed_in.phone.totp.secret not in page


def test_the_page_of_a_user_without_a_second_factor_offers_to_set_one_up(ann):
    page = ann.sign_in().get("/account/").text
    assert "It is off." in page
    assert 'href="/account/setup/"' in page
    for path in ("backup-codes", "turn-off"):
        assert ann.get(f"/account/{path}/").url == "/account/"
    assert ann.get("/account/devices/add/").url == "/account/setup/"


@pytest.mark.parametrize("path", ["turn-off", "backup-codes", "devices/add", "devices/{id}/remove"])
def test_no_change_is_made_without_a_right_code(signed_in, path):
    """ENR-05"""
    path = f"/account/{path}/".replace("{id}", services.status(signed_in.user).devices[0].id)
    assert signed_in.get(path).status_code == 200
    for body, text in (({}, "Type a code."), ({"otp_code": signed_in.phone.wrong()}, "This code is wrong.")):
        response = signed_in.post(path, body)
        assert (response.status_code, text in response.text) == (400, True)
    found = services.status(signed_in.user)
    assert (found.enabled, len(found.devices), found.pending_until) == (True, 1, None)


def test_new_backup_codes_are_shown_once_and_replace_the_old_ones(signed_in, codes_on):
    response = signed_in.post("/account/backup-codes/", {"otp_code": signed_in.phone.code()})
    assert "no-store" in response.headers["Cache-Control"]
    codes = codes_on(response)
    assert len(codes) == 10
    assert not set(codes).intersection(signed_in.backup_codes)
    assert re.search(r'download="backup-codes.txt" href="data:text/plain[^"]+' + codes[0], response.text)
    assert signed_in.is_in()


def test_a_defect_in_a_template_shows_its_reporter_no_code(signed_in, monkeypatch):
    """LOG-02"""
    made = []

    def broken(*args, **kwargs):
        made.extend(args[2].get("codes", ()))
        raise RuntimeError

    monkeypatch.setattr(base, "render", broken)
    with pytest.raises(RuntimeError) as raised:
        signed_in.post("/account/backup-codes/", {"otp_code": signed_in.phone.code()})
    ours = [entry.frame for entry in raised.traceback if str(entry.path).startswith(OURS)]
    assert len(made) == 10
    assert len(ours) >= 4
    assert not [code for code in made if code in str([frame.f_locals for frame in ours])]


def test_turning_it_off_keeps_this_session_and_shows_it_nothing_any_more(signed_in, heard):
    response = signed_in.post("/account/turn-off/", {"backup_code": signed_in.backup_codes[0]})
    assert response.url == "/account/"
    assert "Two-factor authentication is off." in signed_in.get("/account/").text
    assert not services.status(signed_in.user).enabled
    assert signed_in.session["twinlock_second_factor"]["amr"] == []
    assert signed_in.is_in()
    assert "totp_disabled" in [name for name, _ in heard]


def test_a_user_who_must_have_a_second_factor_keeps_it(signed_in, policy):
    policy(REQUIRED="all")
    assert "so it stays on" in signed_in.get("/account/").text
    response = signed_in.post("/account/turn-off/", {"otp_code": signed_in.phone.code()})
    assert "Your account must have a second factor." in response.text
    assert services.status(signed_in.user).enabled


def test_a_further_device_is_added_named_and_removed(signed_in, start_setup):
    """ENR-12"""
    other = signed_in.another().sign_in()
    body = {"name": "Tablet <b>", "otp_code": signed_in.phone.code()}
    tablet, _ = start_setup(signed_in, "/account/devices/add/", body)
    response = signed_in.post("/account/setup/confirm/", {"otp_code": tablet.code()})
    assert response.url == "/account/"
    page = signed_in.get("/account/").text
    assert "Tablet &lt;b&gt;" in page
    assert "<b>" not in page
    assert not other.is_in()
    added = services.status(signed_in.user).devices[1]
    path = f"/account/devices/{added.id}"
    assert signed_in.post(f"{path}/rename/", {"name": "a:b"}).status_code == 400
    assert signed_in.post(f"{path}/rename/", {"name": "Old tablet"}).url == "/account/"
    assert "Old tablet" in signed_in.get(f"{path}/remove/").text
    assert signed_in.post(f"{path}/remove/", {"otp_code": tablet.code()}).url == "/account/"
    assert len(services.status(signed_in.user).devices) == 1
    assert signed_in.is_in()


def test_the_device_of_another_user_is_unknown(signed_in, person):
    """ENR-12"""
    stranger = person().enroll()
    theirs = services.status(stranger.user).devices[0].id
    code = signed_in.phone.code()
    for path, body in (("rename", {"name": "mine"}), ("remove", {"otp_code": code})):
        for response in (
            signed_in.get(f"/account/devices/{theirs}/{path}/"),
            signed_in.post(f"/account/devices/{theirs}/{path}/", body),
        ):
            assert response.status_code == 404
    assert signed_in.post(f"/account/trusted/{theirs}/revoke/").status_code == 404
    assert services.status(stranger.user).devices[0].id == theirs


def test_nobody_manages_without_a_whole_sign_in(bob, session_site, settings):
    """VER-14: also without the middleware."""
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    names = ("", "backup-codes/", "turn-off/", "devices/add/", "step-up/", "setup/", "setup/confirm/")
    for path in names:
        assert bob.get(f"/account/{path}").url.startswith("/account/sign-in/?next=")
    bob.force_login(bob.user)
    for path in names:
        for response in (bob.get(f"/account/{path}"), bob.post(f"/account/{path}", {"otp_code": "1"})):
            assert response.url.startswith("/account/sign-in/code/?"), path
