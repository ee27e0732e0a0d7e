"""The contract of recovery, row by row, and the rules that are added to it."""

import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from twinlock.django import recovery

SENT = {
    "details": "If an account with that email exists and has TOTP enabled, a recovery email has been sent."
}
LINK_INVALID = {"message": ["The recovery link is invalid or has expired."]}


@pytest.fixture(autouse=True)
def _mail_at_once(settings, unthrottled):
    settings.TWINLOCK = {**settings.TWINLOCK, "MAIL_SENDER": "twinlock.django.mail.at_once"}


def link_of(person):
    """Asks for a link and reads it out of the mail."""
    assert person.post("totp/recovery", {"email": person.user.email}).status_code == 200
    found = re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", mail.outbox[-1].body)
    return {"uid": found[1], "token": found[2], "password": person.credentials["password"]}


def test_recovery_answers_everybody_the_same(enrolled, person):
    person("bob")
    for email, mails in (("alice@example.com", 1), ("bob@example.com", 1), ("nobody@example.com", 1)):
        response = enrolled.post("totp/recovery", {"email": email})
        assert (response.status_code, response.json()) == (200, SENT)
        assert len(mail.outbox) == mails


def test_recovery_answers_field_errors_in_the_contracts_shape(alice):
    assert alice.post("totp/recovery", {}).json() == {"email": ["This field is required."]}
    response = alice.post("totp/recovery", {"email": "nonsense"})
    assert (response.status_code, response.json()) == (400, {"email": ["Enter a valid email address."]})
    missing = alice.post("totp/recovery_confirm", {})
    required = ["This field is required."]
    assert missing.status_code == 400
    assert missing.json() == {"uid": required, "token": required, "password": required}


def test_a_link_a_password_and_a_backup_code_turn_the_factor_off(enrolled):
    link = link_of(enrolled)
    asked = enrolled.post("totp/recovery_confirm", link)
    assert asked.status_code == 403
    assert asked.json() == {
        "detail": "A fresh second factor is needed for this.",
        "code": "second_factor_required",
        "methods": ["backup"],
    }
    response = enrolled.post("totp/recovery_confirm", {**link, "backup_code": enrolled.backup_codes[0]})
    assert (response.status_code, response.content) == (204, b"")
    assert enrolled.post("jwt/create", enrolled.credentials).json()["is_totp_enabled"] is False


def test_wrong_backup_codes_count_in_the_accounts_budget(enrolled):
    """VER-10: recovery is no second budget."""
    link = link_of(enrolled)
    for _ in range(5):
        response = enrolled.post("totp/recovery_confirm", {**link, "backup_code": "AAAA-AAAA-AAAA-AAAA"})
        assert (response.status_code, response.json()["code"]) == (400, "wrong_code")
    right = enrolled.post("totp/recovery_confirm", {**link, "backup_code": enrolled.backup_codes[0]})
    assert (right.status_code, right.json()["code"]) == (429, "locked")
    assert enrolled.answer(otp_code=enrolled.code()).status_code == 429


def test_a_wrong_password(enrolled):
    link = {**link_of(enrolled), "password": "wrong", "backup_code": enrolled.backup_codes[0]}
    response = enrolled.post("totp/recovery_confirm", link)
    assert response.status_code == 400
    assert response.json() == {"message": ["The provided credentials is invalid."]}


def test_guesses_at_the_password_are_limited_per_link_whatever_the_address(enrolled, settings):
    link = {**link_of(enrolled), "password": "wrong"}
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "3/day"}
    statuses = [
        enrolled.post("totp/recovery_confirm", link, REMOTE_ADDR=f"198.51.100.{host}").status_code
        for host in range(1, 6)
    ]
    assert statuses == [400, 400, 400, 429, 429]


@pytest.mark.parametrize(
    "change",
    [
        {"uid": "MQ"},
        {"uid": "é"},
        {"uid": 12345},
        {"token": 12345},
        {"token": "x-y"},
        {"uid": "AAAA" * 1000},
        {"token": "é-1"},
    ],
)
def test_a_link_that_is_none(enrolled, change):
    link = {**link_of(enrolled), **change}
    if change == {"uid": "MQ"}:
        link["token"] = "c0ffee-" + "0" * 32
    response = enrolled.post("totp/recovery_confirm", link)
    assert (response.status_code, response.json()) == (400, LINK_INVALID)


def test_with_the_old_behaviour_link_and_password_are_enough(enrolled, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY": "DANGER_email_and_password_only"}
    assert enrolled.post("totp/recovery_confirm", link_of(enrolled)).status_code == 204
    assert enrolled.post("jwt/create", enrolled.credentials).json()["is_totp_enabled"] is False


def test_with_an_operators_approval_the_link_goes_out_only_after_it(enrolled, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY": "admin"}
    assert enrolled.post("totp/recovery", {"email": "alice@example.com"}).json() == SENT
    assert mail.outbox == []
    recovery.approve(enrolled.user)
    found = re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", mail.outbox[-1].body)
    link = {"uid": found[1], "token": found[2], "password": enrolled.credentials["password"]}
    assert enrolled.post("totp/recovery_confirm", link).status_code == 204


def test_a_password_reset_token_is_no_recovery_token_and_the_other_way_round(enrolled):
    """BAK-10."""
    link = link_of(enrolled)
    reset = {**link, "token": default_token_generator.make_token(enrolled.user)}
    assert enrolled.post("totp/recovery_confirm", reset).json() == LINK_INVALID
    assert not default_token_generator.check_token(enrolled.user, link["token"])


def test_a_stale_bearer_token_does_not_block_recovery(enrolled):
    enrolled.bearer("stale")
    assert enrolled.post("totp/recovery", {"email": "alice@example.com"}).status_code == 200


def test_the_request_only_hands_the_work_over(enrolled, settings):
    """API-04: neither the accounts nor the mail are looked at before the answer is made."""
    handed_over.clear()
    settings.TWINLOCK = {**settings.TWINLOCK, "MAIL_SENDER": f"{__name__}.hand_over"}
    for email in ("alice@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            assert enrolled.post("totp/recovery", {"email": email}).json() == SENT
        assert len(queries) == 0
    assert len(handed_over) == 2
    assert mail.outbox == []
    for job in handed_over:
        job()
    assert len(mail.outbox) == 1


handed_over = []


def hand_over(job):
    handed_over.append(job)
