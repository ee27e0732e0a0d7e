"""A drifted counter device on the pages, and how a user is asked."""

import re

import pyotp
import pytest

from twinlock.django import services
from twinlock.errors import Refused

METHOD = "/account/method/"
SENDING = {"sent_codes": "sign_in", "opt_out": "allowed"}


@pytest.fixture
def token(bob):
    """A counter device of Bob's, who is signed in: its id, its codes by their number, the page."""
    bob.sign_in()
    setup = services.add_device(bob.user, parameters={"name": "Token", "kind": "hotp"}, otp=bob.phone.code())
    codes = pyotp.HOTP(setup.secret)
    services.confirm_enrollment(bob.user, codes.at(0))
    bob.sign_in()
    return setup.device_id, codes.at, f"/account/devices/{setup.device_id}/resync/"


def steps_up(browser, code):
    body = {"purpose": "payout", "otp_code": code}
    return browser.post("/account/step-up/", body).status_code == 302


def test_two_codes_in_a_row_bring_a_device_into_step(bob, token, audited):
    """OTP-13"""
    _, code, path = token
    assert f'href="{path}"' in bob.get("/account/").text
    assert "Token" in bob.get(path).text
    assert not steps_up(bob, code(60))
    assert bob.post(path, {"first_code": code(60), "second_code": code(61)}).url == "/account/"
    assert "The device is in step again." in bob.get("/account/").text
    assert steps_up(bob, code(62))
    assert bob.is_in()
    assert "device_resynchronized" in audited.names


def test_codes_that_are_not_in_a_row_or_missing_change_nothing(bob, token):
    """OTP-13"""
    _, code, path = token
    for body, text in (
        ({}, "required"),
        ({"first_code": code(60)}, "required"),
        ({"first_code": code(60), "second_code": code(62)}, "This code is wrong."),
        ({"first_code": code(61), "second_code": code(60)}, "This code is wrong."),
    ):
        response = bob.post(path, body)
        assert (response.status_code, text in response.text) == (400, True)
        assert code(60) not in response.text or "required" in text
    assert not steps_up(bob, code(60))


def test_what_does_not_count_and_what_is_not_mine_cannot_be_brought_into_step(bob, token, person):
    """ENR-12"""
    device, _, path = token
    first = next(found.id for found in services.status(bob.user).devices if found.id != device)
    stranger = person().enroll().sign_in()
    assert f"/devices/{first}/resync/" not in bob.get("/account/").text
    for browser, url in ((bob, path.replace(device, first)), (stranger, path)):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"first_code": "1", "second_code": "2"}).status_code == 404


def test_a_policy_that_leaves_no_choice_shows_none(bob, ann):
    for browser in (bob, ann):
        browser.sign_in()
        assert METHOD not in browser.get("/account/").text
        assert [browser.get(METHOD).status_code, browser.post(METHOD, {}).status_code] == [404, 404]


def test_with_a_device_the_choice_takes_a_code(bob, policy, heard):
    """ENR-05"""
    policy(SENDING, CODE_SENDER="people.keep_code")
    bob.sign_in()
    assert f'href="{METHOD}"' in bob.get("/account/").text
    page = bob.get(METHOD).text
    assert re.search('value="otp"[^>]* checked', page)
    assert 'value="off"' not in page
    for body, text in (
        ({"method": "sent"}, "Type a code."),
        ({"method": "sent", "otp_code": bob.phone.wrong()}, "This code is wrong."),
        ({"method": "off", "otp_code": "000000"}, "Select a valid choice."),
        ({"otp_code": "000000"}, "required"),
    ):
        response = bob.post(METHOD, body)
        assert (response.status_code, text in response.text) == (400, True), body
    assert services.status(bob.user).preference is None
    assert bob.post(METHOD, {"method": "sent", "otp_code": bob.phone.code()}).url == "/account/"
    assert services.status(bob.user).preference == "sent"
    assert "With a code that is sent to me" in bob.get("/account/").text
    assert bob.is_in()
    assert "method_changed" in [name for name, _ in heard]


def test_without_a_device_the_choice_takes_none(ann, policy):
    policy(SENDING, CODE_SENDER="people.keep_code")
    ann.sign_in()
    assert "You have not chosen." in ann.get("/account/").text
    page = ann.get(METHOD).text
    assert 'name="otp_code"' not in page
    assert 'value="otp"' not in page
    assert ann.post(METHOD, {"method": "off"}).url == "/account/"
    assert services.status(ann.user).preference == "off"
    assert "Not at all" in ann.get("/account/").text
    assert ann.is_in()


@pytest.mark.parametrize("enabled", [False, True])
@pytest.mark.parametrize("opt_out", ["refused", "allowed"])
@pytest.mark.parametrize("sent_codes", ["off", "enroll", "sign_in"])
def test_what_can_be_chosen_is_what_the_core_takes(person, policy, enabled, sent_codes, opt_out):
    """The page offers no way that `set_method` refuses, and leaves out none."""
    policy({"sent_codes": sent_codes, "opt_out": opt_out}, CODE_SENDER="people.keep_code")
    browser = person().enroll() if enabled else person()
    taken = []
    for method in ("otp", "sent", "off"):
        answer = {"otp": browser.phone.code()} if enabled else {}
        try:
            services.set_method(browser.user, method, **answer)
        except Refused:
            continue
        taken.append(method)
    assert services.ways_of(services.status(browser.user)) == taken
