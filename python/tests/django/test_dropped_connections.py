"""THR-05: connections that the database drops between requests cost nobody a sign-in.

Nothing here waits for a kill to be noticed: Django asks a kept connection whether it lives before it uses it.
"""

import pytest
from django.db import close_old_connections, connection
from people import enroll, make_user

from twinlock.django import services
from twinlock.errors import StoreFault

pytestmark = pytest.mark.django_db(transaction=True)

DROPS = {
    "postgresql": "SELECT pg_terminate_backend({})",
    "mysql": "KILL CONNECTION {}",
}


def drop():
    """Ends the connection from the database's side, by another connection."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.close()
        connection.connection = None
        return
    ask = "SELECT pg_backend_pid()" if connection.vendor == "postgresql" else "SELECT CONNECTION_ID()"
    with connection.cursor() as cursor:
        cursor.execute(ask)
        [number] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(DROPS[connection.vendor].format(number))
    other.close()


@pytest.fixture
def kept(monkeypatch):
    """As with CONN_MAX_AGE and CONN_HEALTH_CHECKS."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    yield
    connection.close()


def next_request():
    close_old_connections()


def test_the_next_request_gets_another_connection(kept):
    user = make_user()
    phone, _ = enroll(user)
    for _ in range(2):
        challenge = services.begin_sign_in(user).challenge
        drop()
        next_request()
        tokens = services.mint(*services.finish_sign_in(challenge, otp=phone.code()))
        drop()
        next_request()
        assert services.refresh(tokens.refresh)


def test_in_the_middle_of_a_request_it_is_a_fault_and_the_code_stays_good(kept):
    if connection.vendor == "sqlite":
        return  # it has no connections to lose
    user = make_user()
    phone, _ = enroll(user)
    challenge, code = services.begin_sign_in(user).challenge, phone.code()
    drop()
    with pytest.raises(StoreFault):
        services.finish_sign_in(challenge, otp=code)
    next_request()
    assert services.finish_sign_in(challenge, otp=code)[0] == user
