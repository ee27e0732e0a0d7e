"""LOG-05: what users are told by mail, so that what an attacker does is not seen last by its victim."""

import pytest
from django.core import mail as outgoing
from people import Phone, enroll, make_user, sign_in

from twinlock.django import services
from twinlock.django.conf.mail import NOTICES
from twinlock.errors import Refused


@pytest.fixture(autouse=True)
def _told(settings):
    given = {key: value for key, value in settings.TWINLOCK.items() if key != "NOTICES"}
    policy = {"window": 2, "trusted_devices": 2, "lock_seconds": 1}
    settings.TWINLOCK = {**given, "POLICY": policy, "SITE": {"NAME": "Acme"}}


def subjects():
    found = [message.subject.removeprefix("Acme - ") for message in outgoing.outbox]
    outgoing.outbox.clear()
    return found


def guess(user, phone, times):
    challenge = services.begin_sign_in(user).challenge
    for _ in range(times):
        with pytest.raises(Refused):
            services.finish_sign_in(challenge, otp=phone.wrong())


def test_log_05_each_change_is_told_by_default_in_text_and_html(user):
    """LOG-05: on, off, device change, backup code, refresh reuse, without any setting."""
    phone, codes = enroll(user)
    assert [message.to for message in outgoing.outbox] == [[user.email]]
    body, (html, kind) = outgoing.outbox[0].body, outgoing.outbox[0].alternatives[0]
    assert user.username in body
    assert user.username in html
    assert "If it was not you" in body
    assert kind == "text/html"
    assert subjects() == ["Two-factor authentication has been turned on for your account."]
    setup = services.add_device(user, otp=phone.code())
    device = services.confirm_enrollment(user, Phone(setup.uri).code()).device_id
    services.set_method(user, "otp", backup=codes[0])
    services.remove_device(user, device, backup=codes[1])
    services.regenerate_backup_codes(user, otp=phone.code())
    assert [subject.split()[1] for subject in subjects()] == ["device", "way", "device", "backup"]
    tokens = sign_in(user, phone)
    services.refresh(tokens.refresh)
    services.admin_reset(user)
    assert subjects() == ["Two-factor authentication (TOTP) has been disabled on your account"]


def test_log_05_a_right_password_with_wrong_codes_is_told_once_and_so_is_the_lock(enrolled):
    """LOG-05: three in a row, then the first lock; an attacker does not fill the mailbox."""
    import time

    user, phone, _ = enrolled
    outgoing.outbox.clear()
    guess(user, phone, 2)
    assert subjects() == []
    guess(user, phone, 1)
    assert subjects() == ["Somebody entered your right password, and then several wrong codes."]
    guess(user, phone, 2)
    assert subjects() == ["Two-factor authentication of your account was locked after several wrong codes."]
    time.sleep(1.1)
    guess(user, phone, 1)
    assert subjects() == [], "the next lock of the same row"


def test_log_05_a_lock_by_wrong_codes_elsewhere_is_told_too(enrolled):
    """LOG-05: somebody with a stolen token guesses at turning the second factor off."""
    user, phone, _ = enrolled
    outgoing.outbox.clear()
    for _ in range(5):
        with pytest.raises(Refused):
            services.disable(user, otp=phone.wrong())
    assert [subject.split()[-3:] for subject in subjects()] == [["several", "wrong", "codes."]]


def test_the_lock_its_end_and_a_refusal_are_signals(enrolled, heard):
    """LOG-01: with what a host needs to act on them."""
    user, phone, _ = enrolled
    heard.clear()
    guess(user, phone, 5)
    services.unlock(user)
    services.admin_reset(user)
    names = [name for name, _ in heard]
    assert names.count("second_factor_refused") == 5
    assert names[-5:] == ["totp_locked", "totp_login_failed", "totp_unlocked", "totp_reset", "totp_disabled"]
    carried = dict(heard)
    assert carried["totp_locked"]["retry_after"] == 1
    assert carried["totp_locked"]["user"] == user
    assert (carried["second_factor_refused"]["action"], carried["second_factor_refused"]["reason"]) == (
        "sign_in",
        "wrong_code",
    )


def test_few_backup_codes_are_a_signal(settings, user, heard):
    """LOG-01"""
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"window": 2, "backup_codes": 4}}
    _, codes = enroll(user)
    services.finish_sign_in(services.begin_sign_in(user).challenge, backup=codes[0])
    assert [carried["codes_left"] for name, carried in heard if name == "backup_codes_low"] == [3]


def test_log_04_every_receiver_may_raise_and_every_verdict_stands(db, heard, caplog):
    """LOG-04: receivers of all signals raise, through a whole life."""
    from django.dispatch import Signal

    from twinlock.django import signals

    def broken(**carried):
        raise ZeroDivisionError

    found = [signal for signal in vars(signals).values() if isinstance(signal, Signal)]
    for signal in found:
        signal.connect(broken)
    try:
        user = make_user()
        phone, codes = enroll(user)
        guess(user, phone, 5)
        services.unlock(user)
        tokens = sign_in(user, phone)
        services.step_up(user, "general", session=tokens.access, backup=codes[0])
        services.logout(tokens.refresh)
        services.regenerate_backup_codes(user, otp=phone.code())
        services.admin_reset(user)
    finally:
        for signal in found:
            signal.disconnect(broken)
    assert not services.status(user).enabled
    logged = [record for record in caplog.records if record.name == "django.dispatch"]
    assert len(logged) == len(heard) > 10


@pytest.mark.parametrize("notice", NOTICES)
def test_each_notice_can_be_left_out(settings, user, notice):
    settings.TWINLOCK = {**settings.TWINLOCK, "NOTICES": [name for name in NOTICES if name != notice]}
    from twinlock.django.notices import notify

    for name in NOTICES:
        notify(user, name)
    assert len(outgoing.outbox) == len(NOTICES) - 1
