"""STO-01: what is particular to a database. It runs on each that the tests are run on."""

import pytest
from django.core.checks import run_checks
from django.db import DataError, connection
from django.utils import timezone
from people import enroll, make_user

from twinlock.django import services, statements
from twinlock.django.models import RefreshSession, SecondFactorRecord
from twinlock.errors import StoreFault

pytestmark = pytest.mark.django_db(transaction=True)


LETTERS = "日本 😀"


def errors(name="twinlock.E004"):
    return [message for message in run_checks(databases=["default"]) if message.id == name]


def test_the_tables_of_a_migration_are_fit():
    assert errors() == errors("twinlock.W007") == []


def test_a_device_may_call_itself_in_any_letters():
    user = make_user()
    services.mint(user, services.begin_sign_in(user).proof, device=LETTERS)
    assert [session.device for session in services.living_sessions(user)] == [LETTERS]


def test_w007_a_table_that_cannot_hold_every_letter_is_named(caplog, monkeypatch):
    """On MariaDB with a real one: the check finds it, and the log says why a user is answered with 503."""
    user, table = make_user(), RefreshSession._meta.db_table
    proof = services.begin_sign_in(user).proof
    if connection.vendor != "mysql":
        lacking = DataError(1366, "Incorrect string value")
        monkeypatch.setattr(statements, "insert", raising(lacking))
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} CONVERT TO CHARACTER SET latin1")
    try:
        if connection.vendor == "mysql":
            [warning] = errors("twinlock.W007")
            assert f"{table} (latin1)" in warning.msg
            assert "utf8mb4" in warning.hint
        with pytest.raises(StoreFault):
            services.mint(user, proof, device=LETTERS)
        assert "utf8mb4" in caplog.text
        assert LETTERS not in caplog.text
    finally:
        if connection.vendor == "mysql":
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4")


def test_w007_a_connection_that_does_not_speak_utf8mb4_is_named(monkeypatch):
    if connection.vendor != "mysql":
        assert errors("twinlock.W007") == []
        return
    with connection.cursor() as cursor:
        cursor.execute("SET NAMES latin1")
    try:
        [warning] = errors("twinlock.W007")
        assert "latin1" in warning.msg
        assert "['OPTIONS']['charset']" in warning.hint
    finally:
        connection.close()


def test_a_letter_that_the_connection_cannot_send_is_a_store_fault(caplog, monkeypatch):
    """As the drivers of MariaDB and MySQL raise it for a connection in latin1."""
    user = make_user()
    proof = services.begin_sign_in(user).proof
    monkeypatch.setattr(statements, "insert", raising(UnicodeEncodeError("charmap", LETTERS, 0, 1, "no")))
    with pytest.raises(StoreFault):
        services.mint(user, proof, device=LETTERS)
    assert "utf8mb4" in caplog.text


def raising(error):
    def raise_it(*_):
        raise error

    return raise_it


def test_e004_a_table_that_knows_no_transactions_is_named(monkeypatch):
    """On MariaDB with a real one: a table may have another engine than new ones get."""
    table = SecondFactorRecord._meta.db_table
    if connection.vendor != "mysql":
        monkeypatch.setitem(connection.features.__dict__, "supports_transactions", False)
        assert len(errors()) == 1
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE twinlock_kept LIKE " + table)
        cursor.execute(f"RENAME TABLE {table} TO twinlock_away, twinlock_kept TO {table}")
        cursor.execute(f"ALTER TABLE {table} ENGINE = Aria")
    try:
        [error] = errors()
        assert f"{table} (Aria)" in error.msg
        assert "InnoDB" in error.hint
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE " + table)
            cursor.execute(f"RENAME TABLE twinlock_away TO {table}")


def test_moments_keep_their_microseconds_and_versions_their_size():
    user = make_user()
    enroll(user)
    moment = timezone.now().replace(microsecond=123_457)
    rows = SecondFactorRecord.objects.filter(pk=user.pk)
    rows.update(recovery_requested_at=moment, version=2**62)
    assert rows.filter(recovery_requested_at=moment).values_list("version", flat=True).get() == 2**62
