"""LOG-01 to LOG-04, STO-04: what is told, and what never is."""

import json

import pytest
from django.db import connection
from dumps import database
from people import PASSWORD, Phone, make_user

from twinlock.django import audit, recovery, services, signals
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import Refused


def test_log_01_every_step_leaves_its_event(user, audited):
    services.begin_sign_in(user)
    phone = Phone(services.begin_enrollment(user).uri)
    with pytest.raises(Refused):
        services.confirm_enrollment(user, phone.wrong())
    codes = services.confirm_enrollment(user, phone.code()).backup_codes
    with pytest.raises(Refused):
        services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.wrong())
    code = phone.code()
    services.finish_sign_in(services.begin_sign_in(user).challenge, otp=code)
    with pytest.raises(Refused):
        services.finish_sign_in(services.begin_sign_in(user).challenge, otp=code)
    services.finish_sign_in(services.begin_sign_in(user).challenge, backup=codes[0])
    services.regenerate_backup_codes(user, otp=phone.code())
    services.unlock(user)
    services.bump_epoch(user)
    services.admin_reset(user)
    assert audited.names == [
        "sign_in_without_second_factor",
        "enrollment_started",
        "confirmation_refused",
        "enrollment_confirmed",
        "sign_in_challenged",
        "sign_in_refused",
        "sign_in_challenged",
        "sign_in_succeeded",
        "sign_in_challenged",
        "sign_in_refused",
        "sign_in_challenged",
        "sign_in_succeeded",
        "backup_code_used",
        "backup_codes_rotated",
        "unlocked",
        "epoch_moved",
        "reset",
    ]
    assert {record.twinlock["subject"] for record in audited.records} == {str(user.pk)}
    assert audited.last("sign_in_refused").twinlock["reason"] == "replayed"
    assert audited.last("sign_in_succeeded").twinlock["method"] == "backup"


class Request:
    def __init__(self):
        self.META = {"HTTP_X_REQUEST_ID": "id\r\nforged twinlock.audit line\x1b[31m\u2028" + "x" * 500}


def test_log_03_no_text_of_a_user_forges_a_line(user, audited):
    services.begin_enrollment(user, request=Request())
    audit.event("device_started", "sub\nject", device="a\r\nb\x1b[0m\u2028")
    for record in audited.records:
        line = record.getMessage()
        assert line.isascii()
        assert line.isprintable()
        assert len(line) < 300
        name, _, rest = line.partition(" ")
        assert json.loads(rest)["event"] == name == record.twinlock["event"]


def test_log_04_a_receiver_that_raises_breaks_nothing_and_is_logged(enrolled, caplog):
    def broken(**carried):
        raise LookupError("receiver")

    signals.totp_disabled.connect(broken)
    try:
        services.disable_without_code(enrolled[0])
    finally:
        signals.totp_disabled.disconnect(broken)
    assert not services.status(enrolled[0]).enabled
    assert any(record.name == "django.dispatch" for record in caplog.records)


@pytest.mark.django_db(transaction=True)
def test_log_04_receivers_run_after_the_commit():
    user, seen = make_user(), []

    def receiver(user, **carried):
        seen.append((connection.in_atomic_block, SecondFactorRecord.objects.get(user=user).enabled))

    signals.totp_created.connect(receiver)
    try:
        phone = Phone(services.begin_enrollment(user).uri)
        services.confirm_enrollment(user, phone.code())
    finally:
        signals.totp_created.disconnect(receiver)
    assert seen == [(False, True)]


@pytest.mark.django_db(transaction=True)
def test_sto_04_log_02_neither_the_database_nor_the_log_holds_a_secret(user, caplog, settings):
    """After a whole life of a second factor, nothing secret is in a dump of the database or in any log."""
    caplog.set_level("DEBUG")
    setup = services.begin_enrollment(user)
    phone = Phone(setup.uri)
    used = [phone.code() for _ in range(3)]
    codes = services.confirm_enrollment(user, used[0]).backup_codes
    challenge = services.begin_sign_in(user).challenge
    tokens = services.mint(*services.finish_sign_in(challenge, otp=used[1]))
    spent = services.begin_sign_in(user).challenge
    services.finish_sign_in(spent, backup=codes[0])
    new = services.regenerate_backup_codes(user, otp=used[2])
    recovery.request_recovery(user.email)
    canaries = [setup.secret, setup.uri, challenge, spent, tokens.access, tokens.refresh, PASSWORD]
    canaries += [form for code in codes + new for form in (code, code.replace("-", ""))]
    canaries.append(settings.TWINLOCK["KEYS"])
    haystacks = {"database": database(), "log": "\n".join(map(full, caplog.records)).encode()}
    assert user.email.encode() in haystacks["database"], "the dump is one"
    assert b"backup_codes_rotated" in haystacks["log"], "the log is one"
    for place, haystack in haystacks.items():
        for canary in canaries:
            assert canary.encode() not in haystack, place
            assert canary.encode().hex().encode() not in haystack, place
    for place in haystacks:
        for code in used:
            assert f'"{code}"'.encode() not in haystacks[place], place
            assert f"'{code}'".encode() not in haystacks[place], place


def full(record):
    return f"{record.getMessage()} {record.__dict__}"
