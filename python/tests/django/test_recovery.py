"""BAK-10: recovery by mail takes more than a mailbox, once, and its links are of a kind of their own."""

import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.utils.http import urlsafe_base64_encode
from people import PASSWORD, enroll, make_user

from twinlock.django import recovery, services
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import Refused

EASY = "DANGER_email_and_password_only"


@pytest.fixture
def mode(settings):
    def choose(name):
        settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY": name}

    return choose


def link_for(user):
    """Asks for a link and takes uid and token out of the mail."""
    recovery.request_recovery(user.email)
    return link_in(mail.outbox[-1])


def link_in(message):
    return re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", message.body).groups()


def test_by_default_a_backup_code_is_needed_beside_link_and_password(enrolled, heard):
    user, _, codes = enrolled
    uid, token = link_for(user)
    with pytest.raises(recovery.BackupCodeRequired):
        recovery.confirm_recovery(uid, token, PASSWORD)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "wrong_code"):
        recovery.confirm_recovery(uid, token, PASSWORD, backup_code="AAAA-AAAA-AAAA-AAAA")
    assert services.status(user).failures_in_a_row == 1
    assert services.status(user).enabled
    assert recovery.confirm_recovery(uid, token, PASSWORD, backup_code=codes[0]) == user
    assert not services.status(user).enabled
    assert [name for name, _ in heard][-2:] == ["totp_recovery_succeeded", "totp_disabled"]
    assert "disabled" in mail.outbox[-1].subject


def test_the_old_way_is_a_setting_named_for_its_risk(enrolled, mode):
    mode(EASY)
    user, _, _ = enrolled
    uid, token = link_for(user)
    recovery.confirm_recovery(uid, token, PASSWORD)
    assert not services.status(user).enabled


def test_an_operator_approves_and_only_then_the_link_goes_out(enrolled, mode, audited):
    mode("admin")
    user, _, _ = enrolled
    with pytest.raises(Refused):
        recovery.approve(user)
    recovery.request_recovery(user.email)
    assert mail.outbox == []
    assert "recovery_requested" in audited.names
    recovery.approve(user)
    uid, token = link_in(mail.outbox[-1])
    recovery.confirm_recovery(uid, token, PASSWORD)
    assert not services.status(user).enabled
    with pytest.raises(Refused):
        recovery.approve(user)


def test_a_link_from_an_easier_mode_needs_the_approval_too(enrolled, mode):
    user, _, _ = enrolled
    mode(EASY)
    uid, token = link_for(user)
    mode("admin")
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, token, PASSWORD)


def test_a_wrong_password_is_refused_and_leaves_the_link_alive(enrolled, mode, audited):
    mode(EASY)
    uid, token = link_for(enrolled[0])
    for password in ("wrong", "", None, 7, [], "\ud800", "\x00"):
        with pytest.raises(recovery.CredentialsInvalid):
            recovery.confirm_recovery(uid, token, password)
    assert audited.last("recovery_refused").twinlock["reason"] == "recovery_credentials_invalid"
    recovery.confirm_recovery(uid, token, PASSWORD)


def test_weakness_09_a_recovery_token_resets_no_password_and_the_other_way_round(enrolled, mode):
    mode(EASY)
    user, _, _ = enrolled
    uid, token = link_for(user)
    assert not default_token_generator.check_token(user, token)
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, default_token_generator.make_token(user), PASSWORD)


def test_weakness_10_a_link_is_good_once_even_after_a_new_enrollment(enrolled, mode):
    mode(EASY)
    user, _, _ = enrolled
    uid, token = link_for(user)
    recovery.confirm_recovery(uid, token, PASSWORD)
    enroll(user)
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, token, PASSWORD)
    assert services.status(user).enabled


@pytest.mark.django_db(transaction=True)
def test_weakness_10_of_two_requests_with_one_link_one_gets_on(mode, user):
    from people import at_the_same_time

    mode(EASY)
    enroll(user)
    uid, token = link_for(user)
    results = at_the_same_time(*[lambda: recovery.confirm_recovery(uid, token, PASSWORD)] * 8)
    assert [result for result in results if result == user] == [user]
    assert {type(result) for result in results} == {type(user), recovery.LinkInvalid}


def test_weakness_10_a_request_can_be_used_up_once(enrolled, mode):
    mode(EASY)
    case = recovery.link.case_of_link(*link_for(enrolled[0]))
    assert recovery.link.claim(case)
    assert not recovery.link.claim(case)


def new_password(user):
    user.set_password(PASSWORD + "2")
    user.save()
    user.set_password(PASSWORD)
    user.save()


def new_address(user):
    user.email = "new@acme.example"
    user.save()


def deactivate(user):
    user.is_active = False
    user.save()


@pytest.mark.parametrize(
    "change", [new_password, new_address, deactivate, services.bump_epoch, lambda user: user.delete()]
)
def test_bak_10_a_link_dies_with_what_it_is_about(enrolled, mode, change):
    mode(EASY)
    user, _, _ = enrolled
    uid, token = link_for(user)
    change(user)
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, token, PASSWORD)


def test_a_link_dies_after_its_own_time(enrolled, mode, settings, monkeypatch):
    import datetime

    mode(EASY)
    settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY_TIMEOUT": 60}
    user, _, _ = enrolled
    uid, token = link_for(user)
    real = recovery.link.tokens._now
    later = datetime.timedelta(seconds=61)
    monkeypatch.setattr(recovery.link.tokens, "_now", lambda: real() + later)
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, token, PASSWORD)
    monkeypatch.undo()
    mode(EASY)
    settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY_TIMEOUT": 60}
    SecondFactorRecord.objects.update(
        recovery_requested_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    )
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, token, PASSWORD)


def test_a_token_is_of_its_own_user(enrolled, mode):
    mode(EASY)
    other = make_user()
    enroll(other)
    _, token = link_for(enrolled[0])
    uid, _ = link_for(other)
    with pytest.raises(recovery.LinkInvalid):
        recovery.confirm_recovery(uid, token, PASSWORD)


ODD = [
    None,
    7,
    [],
    {},
    "",
    "!",
    "é",
    "\ud800",
    "\x00",
    "AA==",
    "x" * 10**5,
    urlsafe_base64_encode(b"\xff\x00"),
]


@pytest.mark.parametrize("odd", ODD)
def test_weakness_12_odd_links_are_invalid(enrolled, odd):
    uid, token = link_for(enrolled[0])
    for pair in ((odd, token), (uid, odd), (odd, odd)):
        with pytest.raises(recovery.LinkInvalid):
            recovery.confirm_recovery(*pair, PASSWORD)


def test_nothing_is_mailed_where_there_is_nothing_to_recover(user):
    off = make_user()
    enroll(off)
    deactivate(off)
    pending = make_user()
    services.begin_enrollment(pending)
    for address in (user.email, off.email, pending.email, "nobody@acme.example", "", "\ud800", "a\x00b", 7):
        recovery.request_recovery(address)
    assert mail.outbox == []


def test_the_mail_goes_to_the_stored_address_and_to_nothing_that_looks_like_it(enrolled):
    user, _, _ = enrolled
    user.email = "mike@acme.example"
    user.save()
    recovery.request_recovery("MIKE@acme.example")
    assert [message.to for message in mail.outbox] == [["mike@acme.example"]]
    recovery.request_recovery("m\u0131ke@acme.example")
    assert len(mail.outbox) == 1


def test_asking_again_leaves_the_first_link_alive(enrolled, mode):
    mode(EASY)
    user, _, _ = enrolled
    uid, token = link_for(user)
    link_for(user)
    assert recovery.confirm_recovery(uid, token, PASSWORD) == user
