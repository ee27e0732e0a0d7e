"""The table and its migration."""

import dataclasses

import pytest
from commits import waiting
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from people import enroll, make_user

from twinlock.django import services
from twinlock.django.models import RefreshSession, SecondFactorRecord
from twinlock.django.session_store import NewSession
from twinlock.django.store import mirrors


@pytest.mark.django_db
def test_the_migration_says_what_the_models_say():
    call_command("makemigrations", "twinlock", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_sto_06_the_migration_is_reversible():
    table = SecondFactorRecord._meta.db_table
    call_command("migrate", "twinlock", "zero", verbosity=0)
    assert table not in connection.introspection.table_names()
    call_command("migrate", "twinlock", verbosity=0)
    assert table in connection.introspection.table_names()


def test_a_new_session_has_the_columns_and_defaults_of_its_table():
    columns = {field.attname: field for field in RefreshSession._meta.concrete_fields}
    given = {field.name: field.default for field in dataclasses.fields(NewSession)}
    assert given.keys() == columns.keys()
    for name in ("state", "version", "epoch", "revoked_at"):
        assert given[name] == columns[name].get_default(), name


def test_sea_11_neither_str_nor_repr_shows_the_record(enrolled):
    row = SecondFactorRecord.objects.get(user=enrolled[0])
    assert len(row.record) > 100
    for text in (str(row), repr(row)):
        assert text.isascii()
        assert len(text) < 80


def test_the_mirrors_say_what_the_record_says(enrolled):
    row = SecondFactorRecord.objects.get(user=enrolled[0])
    assert row.enabled
    assert (row.method, row.device_count, row.backup_codes_left, row.locked_until) == ("totp", 1, 10, None)
    assert row.confirmed_at is not None
    assert row.last_used_at is not None
    assert row.epoch > 0
    assert row.version == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["otp", "backup"])
def test_after_a_sign_in_every_mirror_says_what_the_record_says(kind):
    user, phone, codes, challenge = waiting()
    before = SecondFactorRecord.objects.get(user=user)
    answer = phone.code() if kind == "otp" else codes[0]
    services.finish_with_session(challenge, **{kind: answer})
    row = SecondFactorRecord.objects.get(user=user)
    said = mirrors(services.status(user))
    assert {name: getattr(row, name) for name in said} == said
    assert row.backup_codes_left == before.backup_codes_left - (kind == "backup")
    assert row.updated_at > before.updated_at


@pytest.mark.django_db
def test_a_deleted_user_takes_the_record_along():
    user = make_user()
    enroll(user)
    user.delete()
    assert not SecondFactorRecord.objects.exists()


def test_a_version_below_one_cannot_be_stored(enrolled):
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorRecord.objects.filter(user=enrolled[0]).update(version=0)
