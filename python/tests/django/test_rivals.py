"""STO-03: what a database undoes in favour of a rival is done again, and nobody hears of it."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from people import PASSWORD, Phone, enroll, make_user, sign_in

from twinlock.django import faults, recovery, services
from twinlock.django.recovery import link
from twinlock.errors import StoreFault

pytestmark = pytest.mark.django_db(transaction=True)


class Sqlstate(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


def undone(cause=None, *args):
    error = OperationalError(*args)
    error.__cause__ = cause
    return error


@pytest.fixture
def failing(monkeypatch):
    """Makes the next writes fail; gives the list of errors that are left."""
    errors, execute = [], CursorWrapper.execute

    def execute_or_fail(self, sql, params=None):
        if errors and sql.startswith(("UPDATE", "INSERT", "DELETE")):
            raise errors.pop()
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", execute_or_fail)
    return errors


UNDONE = {
    "mariadb_deadlock": lambda: undone(None, 1213, "Deadlock found"),
    "mariadb_snapshot": lambda: undone(None, 1020, "Record has changed since last read"),
    "postgresql_deadlock": lambda: undone(Sqlstate("40P01")),
    "postgresql_snapshot": lambda: undone(Sqlstate("40001")),
}


@pytest.mark.parametrize("error", UNDONE.values(), ids=UNDONE)
def test_a_sign_in_survives_two_of_them_at_each_write(failing, error):
    user = make_user()
    failing += [error(), error()]
    phone = Phone(services.begin_enrollment(user).uri)
    failing += [error(), error()]
    services.confirm_enrollment(user, phone.code())
    challenge = services.begin_sign_in(user).challenge
    failing += [error(), error()]
    found, proof = services.finish_sign_in(challenge, otp=phone.code())
    failing += [error(), error()]
    tokens = services.mint(found, proof)
    failing += [error(), error()]
    tokens = services.refresh(tokens.refresh)
    failing += [error(), error()]
    services.logout(tokens.refresh)
    assert failing == []
    assert services.living_sessions(user) == []


@pytest.mark.parametrize("error", UNDONE.values(), ids=UNDONE)
def test_the_day_of_a_grace_period_survives_them(failing, error, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "all", "GRACE_PERIOD": 60}
    user = make_user()
    failing += [error(), error()]
    end = services.grace_ends_at(user)
    assert (failing, services.grace_ends_at(user)) == ([], end)
    failing += [error(), error()]
    services.renew_grace(user)
    assert failing == []
    assert services.grace_ends_at(user) > end


@pytest.mark.parametrize("error", UNDONE.values(), ids=UNDONE)
def test_a_recovery_survives_them_at_each_write(failing, error, settings):
    """The request, an operator's approval, and the claim of the link that only one holder makes."""
    settings.TWINLOCK = {**settings.TWINLOCK, "RECOVERY": "admin"}
    user = make_user()
    enroll(user)
    failing += [error(), error()]
    recovery.request_recovery(user.email)
    assert failing == []
    failing += [error(), error()]
    recovery.approve(user)
    assert failing == []
    case = link.case_of_user(user)
    uid, token = link.make(case)
    failing += [error(), error()]
    assert recovery.confirm_recovery(uid, token, PASSWORD) == user
    assert failing == []
    assert not link.claim(case)


def test_one_that_goes_on_is_a_fault_in_the_end(failing):
    user = make_user()
    phone, _ = enroll(user)
    challenge = services.begin_sign_in(user).challenge
    failing += [UNDONE["mariadb_deadlock"]() for _ in range(faults.ATTEMPTS)]
    code = phone.code()
    with pytest.raises(StoreFault):
        services.finish_sign_in(challenge, otp=code)
    assert failing == []
    assert services.finish_sign_in(challenge, otp=code)[0] == user


def test_any_other_error_is_told_at_once(failing):
    user = make_user()
    tokens = sign_in(user, enroll(user)[0])
    failing += [undone(Sqlstate("08006")), undone(None, 2013, "Lost connection")]
    for left in (1, 0):
        with pytest.raises(StoreFault):
            services.refresh(tokens.refresh)
        assert len(failing) == left
