"""Values on their way into a statement are what the ORM would send."""

import datetime
import zoneinfo

import pytest
from django.db import connection, connections
from django.utils import timezone

from twinlock.django.models import RefreshSession, SecondFactorRecord
from twinlock.django.statements.values import field_of, prepared

pytestmark = pytest.mark.django_db

UTC = datetime.timezone.utc
MOMENTS = [
    datetime.datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
    datetime.datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC),
    datetime.datetime(1, 1, 2, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=-9, minutes=-30))),
]


def by_the_orm(model, attribute, value):
    return field_of(model, attribute).get_db_prep_save(value, connection)


@pytest.fixture(params=[None, "Asia/Kolkata"])
def _time_zone(request, monkeypatch):
    """The time zone of the database's columns."""
    monkeypatch.setitem(connection.settings_dict, "TIME_ZONE", request.param)
    vars(connections["default"]).pop("timezone", None)  # Django keeps it
    yield
    vars(connections["default"]).pop("timezone", None)


@pytest.mark.usefixtures("_time_zone")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment(moment):
    [found] = prepared(connection, RefreshSession, {"created_at": moment})
    assert found == by_the_orm(RefreshSession, "created_at", moment)


def test_a_moment_of_a_project_without_time_zones(settings):
    settings.USE_TZ = False
    moment = timezone.now()
    assert moment.tzinfo is None
    [found] = prepared(connection, RefreshSession, {"created_at": moment})
    assert found == by_the_orm(RefreshSession, "created_at", moment)


@pytest.mark.parametrize("text", ["192.0.2.7", "2001:db8::1", None])
def test_an_address_comes_back_as_the_orm_brings_it_back(text):
    [found] = prepared(connection, RefreshSession, {"address": text})
    assert type(found) is type(by_the_orm(RefreshSession, "address", text))
    assert str(found) == str(by_the_orm(RefreshSession, "address", text))


def test_bytes_are_sent_unchanged():
    record = bytes(range(256))
    [found] = prepared(connection, SecondFactorRecord, {"record": record})
    with connection.cursor() as cursor:
        places = {"postgresql": "%s::bytea"}
        cursor.execute(f"SELECT {places.get(connection.vendor, '%s')}", [found])
        assert bytes(cursor.fetchone()[0]) == record
