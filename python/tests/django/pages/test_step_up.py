"""Views that ask a session for a fresh second factor."""

import pytest

from twinlock.django import services, session_stamp

PAYOUT = "/account/step-up/?purpose=payout&max_age=300&next=%2Fpayout%2F"


@pytest.fixture
def late(bob):
    """A user who signed in an hour ago."""
    bob.sign_in()
    session = bob.session
    session[session_stamp.KEY]["auth_time"] -= 3600
    session.save()
    return bob


def test_a_sign_in_of_a_moment_ago_is_fresh(bob):
    """API-09"""
    assert bob.sign_in().get("/payout/").text == "paid"


def test_an_older_sign_in_is_asked_once_for_the_purpose(late, heard, audited):
    """API-09"""
    assert late.get("/payout/").url == PAYOUT
    page = late.get(PAYOUT)
    assert 'name="purpose" value="payout"' in page.text
    before = late.session.session_key
    body = {"purpose": "payout", "next": "/payout/", "otp_code": late.phone.code()}
    assert late.post("/account/step-up/", body).url == "/payout/"
    assert late.session.session_key != before
    assert late.get("/payout/").text == "paid"
    assert late.get(PAYOUT).url == "/payout/"
    assert [more["purpose"] for name, more in heard if name == "step_up_succeeded"] == ["payout"]
    assert "step_up_succeeded" in audited.names


def test_a_step_up_for_something_else_does_not_do(late):
    body = {"purpose": "general", "next": "/payout/", "otp_code": late.phone.code()}
    assert late.post("/account/step-up/", body).url == "/payout/"
    assert late.get("/payout/").url == PAYOUT


def test_a_step_up_is_fresh_for_as_long_as_the_view_says(late):
    """API-09: ages around the limit."""
    late.post("/account/step-up/", {"purpose": "payout", "otp_code": late.phone.code()})
    for age, status in ((295, 200), (301, 302)):
        session = late.session
        session[session_stamp.KEY]["steps"]["payout"] -= age
        session.save()
        assert late.get("/payout/").status_code == status
        session[session_stamp.KEY]["steps"]["payout"] += age
        session.save()


def test_a_wrong_code_opens_nothing(late):
    response = late.post("/account/step-up/", {"purpose": "payout", "otp_code": late.phone.wrong()})
    assert (response.status_code, "This code is wrong." in response.text) == (400, True)
    assert late.get("/payout/").status_code == 302


def test_nobody_steps_up_for_what_no_view_asks(late):
    for response in (
        late.get("/account/step-up/?purpose=nonsense"),
        late.post("/account/step-up/", {"purpose": "nonsense", "otp_code": "123456"}),
    ):
        assert response.status_code == 404


def test_what_was_shown_dies_with_the_epoch_and_with_the_password(bob):
    """ENR-09"""
    bob.sign_in()
    services.bump_epoch(bob.user)
    assert bob.get("/payout/").url.startswith("/account/sign-in/code/?")
    assert bob.post("/account/sign-in/code/", {"next": "/payout/"}).status_code == 302
    assert bob.answer().url == "/payout/"
    assert bob.get("/payout/").text == "paid"
    session = bob.session
    session[session_stamp.KEY]["credential"] = "0" * 16
    session.save()
    assert bob.get("/payout/").status_code == 302


def test_a_program_is_told_in_json(late):
    for headers in ({"accept": "application/json"}, {"sec-fetch-mode": "cors"}):
        response = late.get("/payout/", headers=headers)
        assert response.status_code == 403
        assert response.json()["code"] == "second_factor_required"
        assert (response.json()["purpose"], response.json()["max_age"]) == ("payout", 300)


def test_a_user_without_a_second_factor_is_led_to_set_one_up(ann):
    ann.sign_in()
    assert ann.get("/payout/").url == "/account/setup/?next=%2Fpayout%2F"
    assert ann.get("/account/step-up/?purpose=payout").url == "/account/setup/"


def test_after_a_post_the_user_comes_back_to_the_form(late):
    back = "http://testserver/account/"
    response = late.post("/payout/", headers={"referer": back})
    assert response.url.endswith("next=http%3A%2F%2Ftestserver%2Faccount%2F")
    response = late.post("/payout/", headers={"referer": "https://evil.example/"})
    assert response.url.endswith("next=%2Fpayout%2F")
