"""STO-02: a code is used up, its challenge spent and the session stored by one write, or none of it is."""

import pytest
from commits import in_a_transaction, version_of, waiting
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

from twinlock.django import services
from twinlock.django.models import RefreshSession
from twinlock.errors import Refused, StoreFault

pytestmark = pytest.mark.django_db(transaction=True)

SESSIONS = RefreshSession._meta.db_table


def test_a_second_step_is_one_read_and_one_commit():
    _, theirs, _, earlier = waiting()
    services.finish_with_session(earlier, otp=theirs.code())  # SQLite's connection has its view from then on
    user, phone, _, challenge = waiting()
    with CaptureQueriesContext(connection) as captured:
        found, tokens = services.finish_with_session(challenge, otp=phone.code())
    verbs = [query["sql"].split()[0] for query in captured.captured_queries]
    writes = {"postgresql": "WITH", "mysql": "BEGIN", "sqlite": "INSERT"}
    assert verbs == ["SELECT", writes[connection.vendor]]
    assert found == user
    [session] = services.living_sessions(user)
    assert services.engine().verify(tokens.access)["fam"] == session.pk
    assert session.epoch == services.engine().verify(tokens.access)["epoch"]
    assert services.refresh(tokens.refresh).access


def test_a_session_that_cannot_be_stored_leaves_the_code_unused(monkeypatch):
    user, phone, _, challenge = waiting()
    before, code, execute = version_of(user), phone.code(), CursorWrapper.execute

    def fail_at_sessions(self, sql, params=None):
        if f"INSERT INTO {connection.ops.quote_name(SESSIONS)}" in sql or sql.startswith("INSERT INTO temp."):
            raise OperationalError("disk full")
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", fail_at_sessions)
    with pytest.raises(StoreFault):
        services.finish_with_session(challenge, otp=code)
    monkeypatch.setattr(CursorWrapper, "execute", execute)
    assert (version_of(user), RefreshSession.objects.count()) == (before, 0)
    services.finish_with_session(challenge, otp=code)
    assert RefreshSession.objects.count() == 1


def test_a_session_that_the_database_refuses_leaves_the_code_unused(monkeypatch):
    """By its own rule, in the midst of the write: a session of that name is there."""
    user, phone, _, challenge = waiting()
    other, theirs, _, earlier = waiting()
    services.finish_with_session(earlier, otp=theirs.code())
    [taken] = services.living_sessions(other)
    before, code, complete = version_of(user), phone.code(), services.tokens._complete

    def complete_with_a_taken_name(session, name, *rest):
        complete(session, taken.pk, *rest)

    monkeypatch.setattr(services.tokens, "_complete", complete_with_a_taken_name)
    with pytest.raises(StoreFault):
        services.finish_with_session(challenge, otp=code)
    monkeypatch.undo()
    assert not in_a_transaction()
    assert (version_of(user), RefreshSession.objects.count()) == (before, 1)
    services.finish_with_session(challenge, otp=code)
    assert RefreshSession.objects.count() == 2


def test_a_write_that_is_undone_for_a_rival_is_done_again(monkeypatch):
    """STO-03: at the write that begins a session, too."""
    user, phone, _, challenge = waiting()
    code, execute, left = phone.code(), CursorWrapper.execute, [1213, 1213]

    def lose(self, sql, params=None):
        if left and sql.startswith(("WITH", "INSERT INTO temp.", "BEGIN NOT ATOMIC")):
            raise OperationalError(left.pop(), "Deadlock found")
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", lose)
    services.finish_with_session(challenge, otp=code)
    assert (left, RefreshSession.objects.filter(user=user).count()) == ([], 1)


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
