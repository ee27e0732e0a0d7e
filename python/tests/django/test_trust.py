"""Devices and trust in the services: signals, events, notices, and what a password has to do with it."""

import pytest
from django.core import mail as outgoing
from django.db import transaction
from people import Phone

from twinlock.django import services
from twinlock.errors import ArgumentFault, Refused, StoreFault

NOTICES = ["device_added", "device_removed", "device_trusted", "method_changed", "disabled"]


@pytest.fixture(autouse=True)
def _trusting(settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"window": 2, "trusted_devices": 2}}


@pytest.fixture
def trusted(enrolled):
    """A user, the phone, and what the client of a trusted device keeps."""
    user, phone, _ = enrolled
    return user, phone, trust(user, phone)


def trust(user, phone, name="laptop"):
    user, proof = services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.code())
    return services.trust_device(user, proof, name)


def outcome(user, kept):
    return services.begin_sign_in(user, trust_token=kept.token).outcome


def test_what_a_device_goes_through_is_told(enrolled, heard, audited, settings):
    """LOG-01, LOG-05: added, renamed, removed, the last one removed."""
    settings.TWINLOCK = {**settings.TWINLOCK, "NOTICES": NOTICES}
    user, phone, _ = enrolled
    setup = services.add_device(user, parameters={"name": "tablet"}, otp=phone.code())
    enrolled = services.confirm_enrollment(user, Phone(setup.uri).code())
    device = enrolled.device_id
    assert enrolled.backup_codes == []
    services.rename_device(user, device, "old\u00ad tablet")
    services.set_method(user, "otp", otp=phone.code())
    assert services.remove_device(user, device, otp=phone.code()) is True
    first = services.status(user).devices[0].id
    codes = services.regenerate_backup_codes(user, otp=phone.code())
    assert services.remove_device(user, first, backup=codes[0]) is False
    names = [name for name, _ in heard[-8:]]
    assert names[-3:] == ["backup_codes_rotated", "device_removed", "totp_disabled"]
    assert names[-7:-3] == ["device_added", "device_renamed", "method_changed", "device_removed"]
    assert heard[-7][1]["device"] == device
    told = ["device_started", "device_added", "device_renamed", "method_changed", "device_removed"]
    assert [name for name in audited.names if name in told] == [*told, "device_removed"]
    assert audited.last("device_renamed").twinlock["device"] == device
    assert "tablet" not in "".join(record.getMessage() for record in audited.records), "LOG-03"
    changes = [message.subject.partition(" - ")[2] for message in outgoing.outbox]
    assert [text.split(" ")[:4] for text in changes[:3]] == [
        ["A", "device", "was", "added"],
        ["The", "way", "you", "are"],
        ["A", "device", "was", "removed"],
    ]


def test_refusals_and_faults_of_devices_are_audited(enrolled, audited):
    user, phone, _ = enrolled
    with pytest.raises(Refused, match="code is wrong"):
        services.add_device(user, otp=phone.wrong())
    with pytest.raises(Refused, match="no such device"):
        services.remove_device(user, "0" * 24, otp=phone.code())
    with pytest.raises(ArgumentFault):
        services.rename_device(user, "0" * 24, "a:b")
    reasons = [record.twinlock.get("reason") for record in audited.records[-3:]]
    assert reasons == ["wrong_code", "device_unknown", "name_invalid"]


def test_no_call_about_devices_runs_inside_a_transaction(trusted):
    """STO-02: a rollback would undo the verdict."""
    user, _, kept = trusted
    for call in (
        lambda: services.add_device(user, otp="1"),
        lambda: services.rename_device(user, "x", "y"),
        lambda: services.remove_device(user, "x", otp="1"),
        lambda: services.resync_device(user, "x", "1", "2"),
        lambda: services.set_method(user, "otp", otp="1"),
        lambda: services.revoke_trusted_device(user, kept.id),
        lambda: services.revoke_trusted_devices(user),
        lambda: services.begin_sign_in(user, trust_token=kept.token),
    ):
        with transaction.atomic(), pytest.raises(StoreFault):
            call()
    assert outcome(user, kept) == "trusted"


def test_trust_is_told(trusted, heard, audited, settings):
    """LOG-01, LOG-05"""
    user, phone, kept = trusted
    settings.TWINLOCK = {**settings.TWINLOCK, "NOTICES": NOTICES}
    again = trust(user, phone, "phone")
    assert outcome(user, again) == "trusted"
    services.revoke_trusted_device(user, kept.id)
    services.revoke_trusted_devices(user)
    names = [name for name, _ in heard]
    assert names == [
        "totp_login_succeeded",
        "device_trusted",
        "trusted_login_succeeded",
        "trust_revoked",
        "trust_revoked",
    ]
    assert [carried["device"] for name, carried in heard if name == "trust_revoked"] == [kept.id, None]
    assert {"device_trusted", "sign_in_on_trusted_device", "trust_revoked"} <= set(audited.names)
    assert len(outgoing.outbox) == 1
    assert again.token not in repr(again)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("", "Trusted device"),
        (":\n\x00", "Trusted device"),
        (" a:b\x1b[0m\u202e ", "ab[0m"),
        ("é" * 200, "é" * 30),
        ("😀" * 200, "😀" * 15),
        ("\ud800x", "x"),
    ],
)
def test_a_trusted_device_gets_the_name_that_is_left(enrolled, given, name):
    """ENR-12, LOG-03: a sign-in does not fail because of a name."""
    user, phone, _ = enrolled
    trust(user, phone, given)
    assert services.status(user).trusted_devices[0].name == name


def test_a_store_that_fails_after_the_code_leaves_the_sign_in(enrolled, monkeypatch, audited):
    user, phone, _ = enrolled
    user, proof = services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.code())

    def fail(*args):
        raise StoreFault

    with monkeypatch.context() as patched:
        patched.setattr("twinlock.django.store.DjangoStore.save", fail)
        assert services.trust_device(user, proof, "x") is None
    assert audited.last("trust_failed").twinlock["reason"] == "store_failed"
    assert services.mint(user, proof).access


def test_the_cores_token_alone_is_no_trust(trusted):
    """API-08: without the MAC under the password it is void."""
    user, _, kept = trusted
    bare = kept.token.rpartition(".")[0]
    assert services.second_factor().is_trusted(str(user.pk), bare)
    assert services.begin_sign_in(user, trust_token=bare).outcome == "challenge"
    assert outcome(user, kept) == "trusted"


def test_trust_dies_with_a_password_that_no_signal_tells_of(trusted):
    """API-08"""
    user, _, kept = trusted
    user.set_password("another")
    type(user).objects.filter(pk=user.pk).update(password=user.password)
    assert outcome(user, kept) == "challenge"
    assert len(services.status(user).trusted_devices) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_password_takes_the_devices_off_the_list(trusted, audited):
    """API-08: once the change is committed."""
    user, _, _ = trusted
    with transaction.atomic():
        user.set_password("another")
        user.save()
        assert len(services.status(user).trusted_devices) == 1
    assert services.status(user).trusted_devices == []
    assert "trust_revoked" in audited.names


@pytest.mark.django_db(transaction=True)
def test_other_changes_of_a_user_leave_the_trust(trusted):
    user, _, kept = trusted
    user.first_name = "Zoë"
    user.save()
    assert len(services.status(user).trusted_devices) == 1
    assert outcome(user, kept) == "trusted"


@pytest.mark.django_db(transaction=True)
def test_a_store_that_is_down_does_not_keep_a_password_from_being_changed(trusted, monkeypatch, audited):
    """LOG-04"""
    user, _, kept = trusted

    def fail(*args):
        raise StoreFault

    user.set_password("another")
    with monkeypatch.context() as patched:
        patched.setattr("twinlock.django.store.DjangoStore.save", fail)
        user.save()
    user.refresh_from_db()
    assert user.check_password("another")
    assert outcome(user, kept) == "challenge"


def test_trust_outlives_a_new_secret_key(trusted, settings):
    user, _, kept = trusted
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-key-" + "y" * 40, [settings.SECRET_KEY]
    assert outcome(user, kept) == "trusted"
    settings.SECRET_KEY_FALLBACKS = []
    assert outcome(user, kept) == "challenge"
