"""STO-01: what is particular to a database. It runs on each that the tests are run on."""

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.utils import timezone
from people import enroll, make_user

from twinlock.django.models import SecondFactorRecord

pytestmark = pytest.mark.django_db(transaction=True)


def errors():
    return [message for message in run_checks(databases=["default"]) if message.id == "twinlock.E004"]


def test_the_tables_of_a_migration_are_fit():
    assert errors() == []


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
