"""A fresh second factor on pages, for users whose second factor is nothing but codes that are sent."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from people import codes_sent, enroll

from twinlock.django import services, session_stamp
from twinlock.django.pages import step
from twinlock.django.services import sent_step_up
from twinlock.django.session_evidence import SessionEvidence
from twinlock.errors import Refused

SENT = {"fallback": "sent_code", "sent_codes": "sign_in"}
ASKED = "/account/step-up/?purpose=payout&max_age=300&next=%2Fpayout%2F"
STEP = {"purpose": "payout", "max_age": "300", "next": "/payout/"}


@pytest.fixture
def late(ann, policy):
    """A user without an authenticator who signed in an hour ago, by a code that was sent."""
    policy(SENT, CODE_SENDER="people.keep_code")
    ann.password()
    assert ann.post("/account/sign-in/code/", {"sent_code": codes_sent[-1][1]}).url == "/home/"
    session = ann.session
    session[session_stamp.KEY]["auth_time"] -= 3600
    session.save()
    return ann


def send(browser, **changes):
    """Asks for a code; returns it."""
    before = len(codes_sent)
    assert browser.post("/account/step-up/send/", {**STEP, **changes}).status_code == 302
    assert len(codes_sent) == before + 1
    return codes_sent[-1][1]


def answer(browser, code, **changes):
    """Types a code."""
    return browser.post("/account/step-up/", {**STEP, "sent_code": code, **changes})


def wrong(code):
    """Another code of that shape."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def test_a_code_is_sent_on_a_press_of_a_button_and_opens_the_view(late, heard, audited):
    """API-09"""
    assert late.get("/payout/").url == ASKED
    before = len(codes_sent)
    page = late.get(ASKED)
    assert len(codes_sent) == before, "opening the page sends nothing"
    assert "Send a code to me" in page.text
    assert 'name="sent_code"' not in page.text
    response = late.post("/account/step-up/send/", STEP)
    assert response.url == ASKED
    page = late.get(ASKED)
    assert "A code is on its way to you. Type it here." in page.text
    assert "Send another code" in page.text
    key = late.session.session_key
    assert answer(late, codes_sent[-1][1]).url == "/payout/"
    assert late.session.session_key != key
    assert step.KEY not in late.session
    assert late.get("/payout/").text == "paid"
    assert [more["purpose"] for name, more in heard if name == "step_up_succeeded"] == ["payout"]
    assert "step_up_succeeded" in audited.names


def test_a_view_that_wants_a_fresher_code_than_others_gets_one(late):
    """What the view asks for stays with the user on the way to the code."""
    code = send(late)
    answer(late, code)
    asked = ASKED.replace("300", "0")
    session = late.session
    session[session_stamp.KEY]["steps"]["payout"] -= 10
    session.save()
    assert late.get(asked).status_code == 200
    assert late.post("/account/step-up/send/", {**STEP, "max_age": "0"}).url == asked
    assert 'name="sent_code"' in late.get(asked).text


def test_a_code_is_for_one_purpose(late):
    code = send(late, purpose="general")
    response = answer(late, code)
    assert (response.status_code, "Start again." in response.text) == (400, True)
    assert late.get("/payout/").status_code == 302
    assert answer(late, code, purpose="general").status_code == 302
    assert late.get("/payout/").url == ASKED


def test_a_code_works_once_and_in_the_session_that_asked_for_it(late):
    code = send(late)
    other = late.another()
    other.force_login(late.user)
    session = other.session
    session[session_stamp.KEY] = late.session[session_stamp.KEY]
    session.save()
    assert answer(other, code).status_code == 400
    assert answer(late, code).status_code == 302
    assert answer(late, code).status_code == 400


def test_the_last_code_counts(late):
    first, second = send(late), send(late)
    assert first != second
    assert answer(late, first).status_code == 400
    assert answer(late, second).url == "/payout/"


def test_a_wrong_code_is_told_in_fitting_words_and_counts_for_the_lock(late):
    code = send(late)
    response = answer(late, wrong(code))
    assert (response.status_code, late.get("/payout/").status_code) == (400, 302)
    assert "Type the last code that was sent to you." in response.text
    for _ in range(8):
        response = answer(late, wrong(code))
    assert "Start again." in response.text
    assert services.status(late.user).failures_in_a_row == 5
    assert answer(late, code).status_code == 400
    response = answer(late, send(late))
    assert (response.status_code, int(response["Retry-After"]) > 0) == (429, True)
    assert late.get("/payout/").status_code == 302


def test_too_many_codes_are_refused_with_a_time(late):
    for _ in range(20):
        response = late.post("/account/step-up/send/", STEP)
        if response.status_code != 302:
            break
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_a_code_dies_with_the_password(late):
    """CHL-04"""
    told = {"sent": send(late), "challenge": step.find(SimpleNamespace(session=late.session), "payout")}
    late.user.set_password("another one entirely")
    late.user.save()
    with pytest.raises(Refused, match="challenge"):
        sent_step_up.step_up_session(late.user, "payout", **told)


def test_a_code_that_waited_too_long_is_not_taken(late):
    code = send(late)
    session = late.session
    session.pop(step.KEY)
    session.save()
    response = answer(late, code)
    assert (response.status_code, "Send a code to me" in response.text) == (400, True)
    assert "Start again." in response.text


def test_nobody_with_a_device_steps_up_by_a_sent_code(late):
    send(late)
    enroll(late.user)
    late.password()
    assert late.get(ASKED).status_code == 302


def test_what_changes_devices_leads_to_an_authenticator(late):
    assert late.get("/account/step-up/?purpose=disable").url == "/account/setup/"
    assert late.post("/account/step-up/", {**STEP, "purpose": "disable"}).url == "/account/setup/"
    before = len(codes_sent)
    response = late.post("/account/step-up/send/", {**STEP, "purpose": "disable"})
    assert (response.status_code, len(codes_sent)) == (400, before)
    assert late.post("/account/step-up/send/", {**STEP, "purpose": "nonsense"}).status_code == 404


def test_a_site_without_these_pages_asks_for_what_its_users_can_do(late, settings):
    request = RequestFactory().get("/")
    request.session, request.user = late.session, late.user
    assert SessionEvidence(request).takes_sent_codes
    settings.ROOT_URLCONF = "bare_urls"
    assert not SessionEvidence(request).takes_sent_codes
