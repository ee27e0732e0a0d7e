"""The admin by roles, by lists and by what users write into it."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from people import Phone, enroll, make_user, sign_in

from twinlock.django import services
from twinlock.django.models import EnrollmentRequirement, RefreshSession, SecondFactorRecord
from twinlock.errors import Refused

VIEWS = ("view_secondfactorrecord", "view_refreshsession", "view_enrollmentrequirement")
STRONG = (*VIEWS, "change_secondfactorrecord", "delete_secondfactorrecord", "delete_refreshsession")
ACTIONS = {
    "unlock": ("secondfactorrecord", "unlock_second_factor"),
    "reset": ("secondfactorrecord", "reset_second_factor"),
    "approve": ("secondfactorrecord", "approve_recovery"),
    "revoke": ("refreshsession", "revoke_session"),
    "renew": ("enrollmentrequirement", "renew_grace_period"),
}
HTML = "<script>alert(1)</script>"


def operator(client, *permissions, **fields):
    person = make_user(is_staff=True, **fields)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(person)
    return person


def page(name):
    return reverse(f"admin:twinlock_{name}_changelist")


def act(client, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(page(ACTIONS[action][0]), data, follow=True)


def rows(client, name, **filters):
    response = client.get(page(name), filters)
    assert response.status_code == 200
    return {row.pk for row in response.context["cl"].result_list}


@pytest.fixture
def lost(transactional_db, settings):
    """A user with a second factor, a session and a requirement."""
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "all", "GRACE_PERIOD": 86_400}
    user = make_user()
    phone, _ = enroll(user)
    tokens = sign_in(user, phone)
    return user, tokens


def row_of(action, user):
    model = {
        "secondfactorrecord": SecondFactorRecord,
        "refreshsession": RefreshSession,
        "enrollmentrequirement": EnrollmentRequirement,
    }[ACTIONS[action][0]]
    return model.objects.get(user=user)


@pytest.mark.parametrize("action", list(ACTIONS))
@pytest.mark.parametrize("role", ["nothing", "views", "strong", "another", "own", "superuser"])
def test_api_11_each_action_is_for_its_own_permission_alone(client, lost, audited, action, role):
    """API-11: the matrix of roles and actions."""
    user, _ = lost
    others = [permission for name, (_, permission) in ACTIONS.items() if name != action]
    roles = {
        "nothing": (),
        "views": VIEWS,
        "strong": STRONG,
        "another": (*VIEWS, *others),
        "own": (*VIEWS, ACTIONS[action][1]),
        "superuser": (),
    }
    person = operator(client, *roles[role], is_superuser=role == "superuser")
    response = act(client, action, row_of(action, user))
    assert response.status_code == (403 if role == "nothing" else 200)
    if role in ("own", "superuser"):
        event = audited.last("operator_action").twinlock
        assert (event["action"], event["operator"], event["subject"]) == (
            action,
            str(person.pk),
            str(user.pk),
        )
    else:
        assert "operator_action" not in audited.names
        assert services.status(user).enabled
        assert services.living_sessions(user)


def test_api_11_a_reset_tells_the_user_and_ends_the_tokens(client, lost):
    """API-11"""
    user, tokens = lost
    operator(client, *VIEWS, "reset_second_factor")
    mail.outbox.clear()
    act(client, "reset", row_of("reset", user))
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert not services.status(user).enabled
    for token in (tokens.access, tokens.refresh):
        with pytest.raises(Refused):
            services.verify(token)


def test_api_11_nobody_resets_himself_and_only_a_superuser_a_superuser(client, lost):
    """API-11: not even with every permission."""
    root = make_user(is_superuser=True, is_staff=True)
    enroll(root)
    person = operator(client, *VIEWS, "reset_second_factor")
    enroll(person)
    text = act(client, "reset", *SecondFactorRecord.objects.filter(user__in=(root, person))).content.decode()
    assert "Only a superuser does this to a superuser." in text
    assert "Nobody does this to himself." in text
    assert services.status(root).enabled
    assert services.status(person).enabled


def test_an_operator_ends_a_session_and_both_its_tokens(client, lost):
    user, tokens = lost
    operator(client, *VIEWS, "revoke_session")
    assert "The session has ended." in act(client, "revoke", row_of("revoke", user)).content.decode()
    for token in (tokens.access, tokens.refresh):
        with pytest.raises(Refused):
            services.verify(token)
    assert services.status(user).enabled


def test_an_operator_gives_a_user_time_anew(client, lost, settings):
    user, _ = lost
    long_ago = timezone.now() - datetime.timedelta(days=9)
    EnrollmentRequirement.objects.filter(user=user).update(since=long_ago)
    operator(client, *VIEWS, "renew_grace_period")
    act(client, "renew", row_of("renew", user))
    assert services.grace_ends_at(user) > timezone.now()


def test_lists_are_filtered_by_enabled_locked_method_required_and_living(client, lost, settings):
    user, _ = lost
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "nobody"}
    locked, off = make_user(), make_user()
    phone, _ = enroll(locked)
    enroll(off)
    services.admin_reset(off)
    challenge = services.begin_sign_in(locked).challenge
    for _ in range(5):
        with pytest.raises(Refused):
            services.finish_sign_in(challenge, otp=phone.wrong())
    operator(client, *VIEWS)
    name = "secondfactorrecord"
    assert rows(client, name) == {user.pk, locked.pk, off.pk}
    assert rows(client, name, enabled__exact="0") == {off.pk}
    assert rows(client, name, locked="yes") == {locked.pk}
    assert rows(client, name, locked="no") == {user.pk, off.pk}
    assert rows(client, name, method="totp") == {user.pk, locked.pk}
    assert rows(client, name, required="yes") == {user.pk}
    assert rows(client, name, required="no") == {locked.pk, off.pk}
    assert rows(client, name, q=user.username) >= {user.pk}
    session = RefreshSession.objects.get()
    assert rows(client, "refreshsession", living="yes") == {session.pk}
    services.revoke_session(user, session.pk)
    assert rows(client, "refreshsession", living="yes") == set()
    assert rows(client, "refreshsession", living="no") == {session.pk}


def test_log_03_names_of_users_devices_and_clients_forge_no_html(client, db, rf):
    """LOG-03"""
    user = make_user(username=HTML)
    phone = Phone(services.begin_enrollment(user, name="<b onclick=x>phone").uri)
    services.confirm_enrollment(user, phone.code())
    found, proof = services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.code())
    request = rf.get("/", HTTP_USER_AGENT="<img/src=x>")
    services.mint(found, proof, device=f"{HTML}\r\n\x1b[31m", request=request)
    operator(client, *VIEWS)
    session = RefreshSession.objects.get()
    pages = [
        page("secondfactorrecord"),
        page("refreshsession"),
        reverse("admin:twinlock_secondfactorrecord_change", args=[user.pk]),
        reverse("admin:twinlock_refreshsession_change", args=[session.pk]),
    ]
    texts = [client.get(address).content.decode() for address in pages]
    for text in texts:
        for forged in ("<script>alert", "<b onclick", "<img/src", "\x1b"):
            assert forged not in text
    assert "&lt;b onclick=x&gt;phone" in texts[2]
    assert "&lt;script&gt;" in texts[3]


def test_log_02_no_page_shows_what_opens_something(client, lost, admin_user):
    """LOG-02: neither the state of a session nor what it is bound to; nothing can be edited or deleted."""
    user, tokens = lost
    client.force_login(admin_user)
    session = RefreshSession.objects.get()
    for name, key in (
        ("refreshsession", session.pk),
        ("secondfactorrecord", user.pk),
        ("enrollmentrequirement", user.pk),
    ):
        change = reverse(f"admin:twinlock_{name}_change", args=[key])
        for address in (page(name), change):
            text = client.get(address).content.decode()
            for secret in (tokens.access, tokens.refresh, session.credential, session.state[:60]):
                assert secret not in text
            assert 'name="_save"' not in text
            assert "deletelink" not in text
        assert client.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert client.get(reverse(f"admin:twinlock_{name}_add")).status_code == 403


def test_a_record_that_cannot_be_opened_says_why_on_its_page(client, lost, admin_user):
    SecondFactorRecord.objects.update(record=b"\x00" * 80)
    client.force_login(admin_user)
    change = reverse("admin:twinlock_secondfactorrecord_change", args=[lost[0].pk])
    assert "not a sealed envelope" in client.get(change).content.decode()


def test_whoever_may_delete_users_may_delete_one_with_a_second_factor(client, lost):
    user, _ = lost
    operator(client, "view_user", "delete_user")
    address = reverse("admin:auth_user_delete", args=[user.pk])
    assert client.post(address, {"post": "yes"}).status_code == 302
    assert not SecondFactorRecord.objects.exists()
    assert not RefreshSession.objects.exists()
