"""STO-02: a code is used up, its challenge spent and the session stored by one write, or none of it is."""

import pytest
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext
from people import enroll, make_user

from twinlock.django import services
from twinlock.django.models import RefreshSession, SecondFactorRecord
from twinlock.errors import Refused, StoreFault

pytestmark = pytest.mark.django_db(transaction=True)

SESSIONS = RefreshSession._meta.db_table


def waiting():
    user = make_user()
    phone, codes = enroll(user)
    return user, phone, codes, services.begin_sign_in(user).challenge


def version_of(user):
    return SecondFactorRecord.objects.values_list("version", flat=True).get(pk=user.pk)


def test_a_second_step_is_one_read_and_one_commit():
    """Two statements on PostgreSQL; elsewhere the second one is two in a transaction."""
    user, phone, _, challenge = waiting()
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as captured:
        found, tokens = services.finish_with_session(challenge, otp=phone.code())
    verbs = [query["sql"].split()[0] for query in captured.captured_queries]
    if connection.vendor == "postgresql":
        assert verbs == ["SELECT", "WITH"]
    else:
        assert verbs == ["SELECT", "BEGIN", "UPDATE", "INSERT", "COMMIT"]
    assert found == user
    [session] = services.living_sessions(user)
    assert services.engine().verify(tokens.access)["fam"] == session.pk
    assert session.epoch == services.engine().verify(tokens.access)["epoch"]
    assert services.refresh(tokens.refresh).access


def test_a_session_that_cannot_be_stored_leaves_the_code_unused(monkeypatch):
    user, phone, _, challenge = waiting()
    before, code, execute = version_of(user), phone.code(), CursorWrapper.execute

    def fail_at_sessions(self, sql, params=None):
        if f"INSERT INTO {connection.ops.quote_name(SESSIONS)}" in sql:
            raise OperationalError("disk full")
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", fail_at_sessions)
    with pytest.raises(StoreFault):
        services.finish_with_session(challenge, otp=code)
    monkeypatch.setattr(CursorWrapper, "execute", execute)
    assert (version_of(user), RefreshSession.objects.count()) == (before, 0)
    services.finish_with_session(challenge, otp=code)
    assert RefreshSession.objects.count() == 1


def test_a_wrong_code_is_counted_and_begins_nothing():
    user, phone, _, challenge = waiting()
    before = version_of(user)
    with pytest.raises(Refused, match="wrong"):
        services.finish_with_session(challenge, otp=phone.wrong())
    assert (version_of(user), RefreshSession.objects.count()) == (before + 1, 0)
    assert services.status(user).failures_in_a_row == 1


def test_whoever_loses_a_race_begins_no_session(monkeypatch):
    """The record moved between the read and the write: the loop judges the newer one."""
    user, phone, _, challenge = waiting()
    other, code = services.begin_sign_in(user).challenge, phone.code()
    find_user, raced = services.sign_in.find_user, []

    def find_and_be_overtaken(subject):
        found = find_user(subject)
        if not raced:
            raced.append(True)
            services.finish_with_session(other, otp=code)
        return found

    monkeypatch.setattr(services.sign_in, "find_user", find_and_be_overtaken)
    with pytest.raises(Refused) as refused:
        services.finish_with_session(challenge, otp=code)
    assert refused.value.code == "replayed"
    assert RefreshSession.objects.count() == 1


def test_a_backup_code_begins_a_session_in_the_same_write(heard):
    _, _, codes, challenge = waiting()
    services.finish_with_session(challenge, backup=codes[0], device="Ann's phone")
    [session] = RefreshSession.objects.all()
    assert session.device == "Ann's phone"
    assert [name for name, _ in heard][-2:] == ["totp_login_succeeded", "backup_code_used"]


@pytest.mark.parametrize("jwt", [{"ROTATE": False}, {"SLIDING": True}], ids=["one refresh token", "sliding"])
def test_tokens_that_do_not_rotate_have_their_session_too(settings, jwt):
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": {**settings.TWINLOCK.get("JWT", {}), **jwt}}
    user, phone, _, challenge = waiting()
    services.finish_with_session(challenge, otp=phone.code())
    assert [session.state for session in services.living_sessions(user)] == [""]
