"""API-11: the admin shows nothing secret, changes nothing by hand, and acts only with its own permissions."""

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from people import Phone, enroll, make_user

from twinlock.django import recovery, services
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import Refused

LIST = "admin:twinlock_secondfactorrecord_changelist"


def operator(client, *permissions):
    person = make_user(is_staff=True)
    person.user_permissions.set(
        Permission.objects.filter(codename__in=("view_secondfactorrecord", *permissions))
    )
    client.force_login(person)
    return person


def act(client, action, *people):
    data = {"action": action, "_selected_action": [person.pk for person in people]}
    return client.post(reverse(LIST), data, follow=True)


@pytest.fixture(params=[False, True], ids=["plain", "ATOMIC_REQUESTS"])
def lost(request, transactional_db, monkeypatch):
    from django.db import connection

    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", request.param)
    user = make_user()
    enroll(user)
    return user


def test_an_operator_with_the_permission_resets(client, lost, audited):
    person = operator(client, "reset_second_factor")
    assert act(client, "reset", lost).status_code == 200
    assert not services.status(lost).enabled
    assert audited.last("operator_action").twinlock["operator"] == str(person.pk)
    assert [message.to for message in mail.outbox] == [[lost.email]]


def test_an_operator_with_the_permission_approves(client, lost, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY": "admin"}
    operator(client, "approve_recovery")
    assert "not enabled" in act(client, "approve", lost).content.decode(), "nobody asked"
    recovery.request_recovery(lost.email)
    act(client, "approve", lost)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("action", ["reset", "unlock", "approve", "delete_selected"])
def test_without_the_permission_nothing_happens(client, enrolled, action):
    operator(client, "delete_secondfactorrecord", "change_secondfactorrecord")
    act(client, action, enrolled[0])
    assert services.status(enrolled[0]).enabled


def test_nobody_resets_himself(client, db):
    person = operator(client, "reset_second_factor")
    enroll(person)
    assert "Nobody does this to himself" in act(client, "reset", person).content.decode()
    assert services.status(person).enabled


def test_an_operator_unlocks(client, enrolled):
    user, phone, _ = enrolled
    challenge = services.begin_sign_in(user).challenge
    for _ in range(5):
        with pytest.raises(Refused):
            services.finish_sign_in(challenge, otp=phone.wrong())
    operator(client, "unlock_second_factor")
    act(client, "unlock", user)
    assert services.status(user).locked_until is None


def test_the_pages_show_no_secret_and_offer_no_change(client, admin_user, enrolled):
    client.force_login(admin_user)
    user = enrolled[0]
    record = bytes(SecondFactorRecord.objects.get(user=user).record)
    change = reverse("admin:twinlock_secondfactorrecord_change", args=[user.pk])
    for page in (reverse(LIST), reverse(LIST) + f"?q={user.username}", change):
        text = client.get(page).content.decode()
        assert user.username in text
        assert "b&#x27;" not in text
        assert record.hex()[:40] not in text
        assert 'name="record"' not in text
        assert 'name="_save"' not in text
    before = SecondFactorRecord.objects.values().get(user=user)
    client.post(change, {"enabled": "", "version": 7})
    assert client.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:twinlock_secondfactorrecord_add")).status_code == 403
    assert SecondFactorRecord.objects.values().get(user=user) == before


def test_log_03_a_user_name_forges_no_html(client, admin_user, db):
    client.force_login(admin_user)
    user = make_user(username="<script>alert(1)</script>")
    services.confirm_enrollment(user, Phone(services.begin_enrollment(user).uri).code())
    assert "<script>alert" not in client.get(reverse(LIST)).content.decode()
