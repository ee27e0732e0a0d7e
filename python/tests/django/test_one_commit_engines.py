"""STO-02: what a database of one kind needs for a sign-in and its session to be one write."""

import threading
import time

import pytest
from commits import in_a_transaction, version_of, waiting
from django.apps import apps
from django.db import OperationalError, connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models.signals import pre_migrate

from twinlock.django import services
from twinlock.django.models import RefreshSession, SecondFactorRecord
from twinlock.errors import StoreFault

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_write_that_is_killed_leaves_no_transaction_open():
    """On MariaDB, whose operators kill what waits for long: the next write is a commit of its own."""
    if connection.vendor != "mysql":
        return
    user, phone, _, challenge = waiting()
    before, code, own = version_of(user), phone.code(), thread_of(connection)
    operator = connection.copy()
    try:
        operator.set_autocommit(False)
        table = connection.ops.quote_name(SecondFactorRecord._meta.db_table)
        with operator.cursor() as cursor:
            cursor.execute(f"SELECT version FROM {table} WHERE user_id = %s FOR UPDATE", [user.pk])
        killer = threading.Thread(target=kill_when_it_waits, args=(own,))
        killer.start()
        with pytest.raises(StoreFault):
            services.finish_with_session(challenge, otp=code)
        killer.join()
        assert not in_a_transaction()
    finally:
        operator.close()
    assert (version_of(user), RefreshSession.objects.count()) == (before, 0)
    services.finish_with_session(challenge, otp=code)
    assert RefreshSession.objects.count() == 1


CUT_OFF = {
    "by the database": (OperationalError(1317, "Query execution was interrupted"), StoreFault),
    "by the server": (SystemExit(1), SystemExit),
}


@pytest.mark.parametrize(("raised", "seen"), CUT_OFF.values(), ids=CUT_OFF)
def test_a_write_that_is_cut_off_in_its_transaction_does_not_draw_the_next_one_into_it(
    monkeypatch, raised, seen
):
    """On MariaDB: what comes after it is stored when it returns."""
    if connection.vendor != "mysql":
        return
    _, phone, _, challenge = waiting()
    code, execute = phone.code(), CursorWrapper.execute

    def cut_off(self, sql, params=None):
        if sql.startswith("BEGIN NOT ATOMIC"):
            execute(self, "START TRANSACTION")
            raise raised
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", cut_off)
    with pytest.raises(seen):
        services.finish_with_session(challenge, otp=code)
    monkeypatch.undo()
    assert not in_a_transaction()
    services.finish_with_session(challenge, otp=code)
    assert RefreshSession.objects.count() == 1


def test_the_views_of_sqlite_are_not_in_its_file_and_not_in_the_way_of_migrations():
    """A connection that began sessions migrates, and begins sessions again afterwards."""
    if connection.vendor != "sqlite":
        return
    _, phone, _, challenge = waiting()
    services.finish_with_session(challenge, otp=phone.code())
    assert (own_views("sqlite_temp_master"), own_views("sqlite_master")) == (2, 0)
    app = apps.get_app_config("twinlock")
    pre_migrate.send(app, app_config=app, using="default")
    assert own_views("sqlite_temp_master") == 0
    field = SecondFactorRecord._meta.get_field("version")
    with connection.schema_editor() as editor:
        editor._remake_table(SecondFactorRecord, alter_fields=[(field, field)])
    _, phone, _, challenge = waiting()
    services.finish_with_session(challenge, otp=phone.code())
    assert RefreshSession.objects.count() == 2


def test_postgresql_keeps_the_plans_of_both_statements_where_it_is_told_to():
    if "prepare_threshold" not in connection.settings_dict["OPTIONS"]:
        return
    _, phone, _, challenge = waiting()
    services.finish_with_session(challenge, otp=phone.code())
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [text for (text,) in cursor.fetchall()]
    for begin in ("WITH replaced AS", "SELECT u."):
        assert any(text.startswith(begin) for text in kept), kept


def own_views(schema):
    """How many views and triggers of ours a schema of SQLite's has."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {schema} WHERE type IN ('view', 'trigger') AND name LIKE 'twinlock%'"
        )
        return cursor.fetchone()[0]


def thread_of(some):
    """What MariaDB calls a connection."""
    with some.cursor() as cursor:
        cursor.execute("SELECT CONNECTION_ID()")
        return cursor.fetchone()[0]


def kill_when_it_waits(number):
    """Ends the statement of that connection once it is a compound one that waits for a row."""
    with connections["default"].cursor() as cursor:
        for _ in range(600):
            cursor.execute(
                "SELECT 1 FROM information_schema.processlist "
                "WHERE id = %s AND info LIKE 'UPDATE %%' AND time_ms > 200",
                [number],
            )
            if cursor.fetchone():
                break
            time.sleep(0.05)
        cursor.execute(f"KILL QUERY {int(number)}")
    connections["default"].close()
