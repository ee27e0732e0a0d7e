"""Signing in on the pages: the password, the second step, and nothing in between."""

import re

import pytest
from django.contrib.sessions.models import Session
from people import PASSWORD

from twinlock import KeyRing
from twinlock.django import sealed, services
from twinlock.django.models import SecondFactorRecord


def test_a_password_alone_logs_nobody_in_who_has_a_second_factor(bob):
    """API-12: between the steps the session holds a signed challenge, and neither password nor secret."""
    response = bob.password(next="/public/?a=b")
    assert response.status_code == 302
    assert response.url == "/account/sign-in/code/"
    stored = [row.get_decoded() for row in Session.objects.all()]
    assert [set(kept) for kept in stored] == [{"twinlock_sign_in"}]
    assert set(stored[0]["twinlock_sign_in"]) == {
        "token",
        "gives",
        "methods",
        "code_sent",
        "backend",
        "next_url",
    }
    for secret in (PASSWORD, bob.phone.totp.secret, bob.user.password, *bob.backup_codes):
        assert secret not in str(stored)
    assert not bob.is_logged_in()
    assert not bob.is_in()


def test_a_right_code_logs_in_under_another_session_key_and_leads_to_where_the_user_was(bob, heard, audited):
    bob.get("/public/")
    bob.password(next="/public/?a=b")
    before = bob.session.session_key
    response = bob.answer()
    assert response.url == "/public/?a=b"
    assert bob.session.session_key != before
    assert "twinlock_sign_in" not in bob.session
    assert bob.is_in()
    assert "totp_login_succeeded" in [name for name, _ in heard]
    assert "sign_in_succeeded" in audited.names
    stamp = bob.session["twinlock_second_factor"]
    assert (stamp["subject"], "mfa" in stamp["amr"]) == (str(bob.user.pk), True)
    assert stamp["epoch"] == SecondFactorRecord.objects.get().epoch


def test_the_session_key_changes_after_the_password_so_that_a_planted_session_learns_nothing(bob):
    bob.get("/public/")
    session = bob.session
    session["planted"] = 1
    session.save()
    bob.cookies["sessionid"] = session.session_key
    bob.password()
    assert bob.session.session_key != session.session_key


def test_a_user_without_a_second_factor_signs_in_with_the_password(ann, heard):
    assert ann.password().url == "/home/"
    assert ann.is_in()
    assert [name for name, _ in heard] == ["non_totp_login_succeeded"]


def test_a_wrong_password_is_djangos_error_and_begins_nothing(bob):
    response = bob.post("/account/sign-in/", {"username": bob.user.username, "password": "wrong"})
    assert "correct username and password" in response.text
    assert "twinlock_sign_in" not in bob.session


def test_a_backup_code_signs_in_once(bob):
    for status in (302, 400):
        bob.password()
        response = bob.post("/account/sign-in/code/", {"backup_code": bob.backup_codes[0]})
        assert response.status_code == status
        bob.post("/account/sign-out/")


@pytest.mark.parametrize(
    ("body", "text"),
    [({}, "Type a code."), ({"otp_code": "1", "backup_code": "2"}, "Type only one code.")],
)
def test_a_form_with_no_code_or_with_two_is_shown_again_and_costs_no_try(bob, body, text):
    bob.password()
    response = bob.post("/account/sign-in/code/", body)
    assert (response.status_code, text in response.text) == (400, True)
    assert services.status(bob.user).failures_in_a_row == 0


def test_a_wrong_code_is_said_beside_the_form_and_too_many_are_answered_with_429(bob):
    bob.password()
    response = bob.answer(bob.phone.wrong())
    assert response.status_code == 400
    assert "This code is wrong." in response.text
    for _ in range(3):
        bob.answer(bob.phone.wrong())
    bob.password()
    bob.answer(bob.phone.wrong())
    bob.password()
    response = bob.answer(bob.phone.code())
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 30
    assert re.search(r"Try again in \d+ seconds?\.", response.text)
    assert not bob.is_logged_in()


def test_a_used_up_challenge_leads_back_to_the_sign_in_with_the_way_back(bob, policy):
    policy({"challenge_tries": 1, "failures_before_lock": 20})
    bob.password(next="/public/")
    bob.answer(bob.phone.wrong())
    response = bob.answer()
    assert response.url == "/account/sign-in/?next=/public/"
    assert "Sign in again." in bob.get(response.url).text
    assert "twinlock_sign_in" not in bob.session


def test_a_challenge_is_void_after_a_new_password(bob):
    """CHL-04"""
    bob.password()
    bob.user.set_password("another one")
    bob.user.save()
    assert bob.answer().url == "/account/sign-in/?next=/home/"
    assert not bob.is_logged_in()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"])
def test_no_page_leads_to_another_site(bob, ann, url):
    bob.password(next=url)
    assert bob.answer().url == "/home/"
    assert bob.post("/account/step-up/", {"otp_code": bob.phone.code(), "next": url}).url == "/account/"
    ann.password()
    assert url not in ann.get("/account/setup/", {"next": url}).text


def test_the_second_step_without_a_sign_in_leads_to_the_sign_in(ann):
    for response in (ann.get("/account/sign-in/code/"), ann.answer("123456")):
        assert response.url.startswith("/account/sign-in/?next=")


def test_a_sign_in_can_be_given_up(bob):
    bob.password()
    assert bob.post("/account/sign-in/cancel/").url == "/account/sign-in/"
    assert bob.get("/account/sign-in/code/").url.startswith("/account/sign-in/?next=")


def test_the_second_step_of_a_user_who_is_locked_out_of_the_site_signs_nobody_in(bob):
    bob.password()
    bob.user.is_active = False
    bob.user.save()
    assert bob.answer().url == "/account/sign-in/?next=/home/"


def test_a_code_is_sent_on_request_and_signs_in(bob, policy, mailoutbox):
    sender = "twinlock.django.delivery.email_code"
    policy({"sent_codes": "sign_in"}, CODE_SENDER=sender)
    services.set_method(bob.user, "sent", otp=bob.phone.code())
    bob.password()
    assert "A code is on its way to you." in bob.get("/account/sign-in/code/").text
    assert bob.post("/account/sign-in/code/send/").url == "/account/sign-in/code/"
    code = re.search(r"\b\d{7}\b", mailoutbox[-1].body).group()
    assert bob.post("/account/sign-in/code/", {"sent_code": code}).url == "/home/"
    assert bob.is_in()


def test_a_trusted_device_needs_the_password_alone_until_the_trust_is_ended(bob, policy):
    """API-08"""
    policy({"trusted_devices": 3})
    bob.password()
    assert "Trust this device" in bob.get("/account/sign-in/code/").text
    cookie = bob.answer(trust_device="on", device_name="My laptop").cookies["twinlock_trust_token"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    bob.post("/account/sign-out/")
    assert bob.password().url == "/home/"
    assert bob.is_in()
    page = bob.get("/account/")
    assert "My laptop" in page.text
    path = re.search(r'action="(/account/trusted/[^"]+/revoke/)"', page.text).group(1)
    assert bob.post(path).url == "/account/"
    bob.post("/account/sign-out/")
    assert bob.password().url == "/account/sign-in/code/"


def test_a_database_that_is_down_is_503_and_logs_nobody_in(bob, monkeypatch):
    from twinlock.errors import StoreFault

    def down(*args, **kwargs):
        raise StoreFault

    monkeypatch.setattr(services, "begin_sign_in", down)
    response = bob.password()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert not bob.is_logged_in()


def test_a_sign_in_that_waits_under_a_key_that_left_begins_anew(bob, settings):
    """STO-04: what waits is sealed, for just this place."""
    bob.password()
    kept = bob.session["twinlock_sign_in"]["token"]
    assert sealed.unseal("elsewhere", kept) is None
    settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": KeyRing.generate().to_text()}
    assert sealed.unseal("twinlock_sign_in", kept) is None
    assert bob.get("/account/sign-in/code/").url.startswith("/account/sign-in/")
