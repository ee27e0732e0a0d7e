"""Somebody whose sign-in waits for its code, and what the database says of a write."""

from django.db import connection
from people import enroll, make_user

from twinlock.django import services
from twinlock.django.models import SecondFactorRecord


def waiting():
    user = make_user()
    phone, codes = enroll(user)
    return user, phone, codes, services.begin_sign_in(user).challenge


def version_of(user):
    return SecondFactorRecord.objects.values_list("version", flat=True).get(pk=user.pk)


def in_a_transaction():
    """Whether the connection is in one, by what the database says where it says so."""
    if connection.vendor != "mysql":
        return not connection.get_autocommit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@in_transaction")
        return bool(cursor.fetchone()[0])
