"""Staying signed in after removing a device, by the machine's clock: the epoch may run ahead of it."""

import time

import pytest
from people import Phone, enroll, make_user

from twinlock.django import services
from twinlock.errors import Refused

pytestmark = pytest.mark.django_db


def test_the_epoch_may_be_ahead_of_the_clock():
    """ENR-09: it moves by one at least, however often in a second."""
    user = make_user()
    _, codes = enroll(user)
    tablet = Phone(services.add_device(user, backup=codes[0]).uri)
    device = services.confirm_enrollment(user, tablet.code()).device_id
    for _ in range(3):
        services.bump_epoch(user)
    assert services.status(user).epoch > time.time()
    staying = services.Staying(["pwd"], int(time.time()))
    left, proof = services.remove_device_and_stay(user, device, staying=staying, backup=codes[1])
    assert (left, proof.method, proof.epoch) == (True, "backup", services.status(user).epoch)
    tokens = services.mint(user, proof)
    assert services.verify_access(tokens.access)[0] == user
    assert services.refresh(tokens.refresh)


def test_a_refused_removal_proves_nothing():
    user = make_user()
    phone, _ = enroll(user)
    device = services.status(user).devices[0].id
    staying = services.Staying(["pwd"], int(time.time()))
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "wrong_code"):
        services.remove_device_and_stay(user, device, staying=staying, otp=phone.wrong())
    assert services.status(user).enabled
