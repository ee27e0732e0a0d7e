"""STO-06: a replica is behind, so nothing that decides is read from it."""

import pytest
from django.contrib.auth.models import Group
from people import Phone, enroll, make_user, sign_in
from routers import Replicated

from twinlock.django import recovery, services
from twinlock.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _replicated(settings):
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "POLICY": {"window": 2, "trusted_devices": 2, "sent_codes": "sign_in"},
        "CODE_SENDER": "people.keep_code",
    }
    settings.DATABASE_ROUTERS = [Replicated()]


def test_a_whole_life_reads_the_primary_alone():
    user = make_user()
    phone, codes = enroll(user)
    tokens = sign_in(user, phone)
    assert services.verify_access(tokens.access)[0] == user
    assert services.verify(services.refresh(tokens.refresh).refresh)[0] == user
    [session] = services.living_sessions(user)
    assert services.revoke_session(user, session.pk)
    codes = services.regenerate_backup_codes(user, otp=phone.code())
    services.finish_sign_in(services.begin_sign_in(user).challenge, backup=codes[0])
    tablet = Phone(services.add_device(user, backup=codes[1]).uri)
    services.confirm_enrollment(user, tablet.code())
    devices = services.status(user).devices
    services.rename_device(user, devices[1].id, "tablet")
    assert services.remove_device(user, devices[1].id, backup=codes[2])
    services.step_up(user, "disable", backup=codes[3])
    services.logout_all(user)
    services.unlock(user)
    services.disable(user, backup=codes[4])
    assert not services.status(user).enabled


def test_trusted_devices_and_sent_codes():
    user = make_user()
    phone, _ = enroll(user)
    found, proof = services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.code())
    trust = services.trust_device(found, proof, "laptop")
    assert services.begin_sign_in(user, trust_token=trust.token).outcome == "trusted"
    services.revoke_trusted_devices(user)
    other = make_user()
    services.set_method(other, "sent")
    assert services.begin_sign_in(other).outcome == "send"


@pytest.mark.parametrize("whom", ["all", "staff", ["operators"]])
def test_who_must_have_a_second_factor(settings, whom):
    """Also the groups: whoever was added to one a moment ago is in it."""
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": whom}
    user = make_user(is_staff=True)
    group = Group.objects.using("default").create(name="operators")
    user.groups.through.objects.using("default").create(user_id=user.pk, group_id=group.pk)
    found = services.begin_sign_in(user)
    assert found.outcome == "enroll"
    token = services.bind_enrollment_token(user, found.enrollment.token)
    assert services.check_enrollment_token(token) == user
    enroll(user)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "enrollment_required"):
        services.disable_without_code(user)


def test_recovery(mailoutbox):
    user = make_user()
    enroll(user)
    recovery.request_recovery(user.email)
    assert len(mailoutbox) == 1
