"""Request limits: whose requests are counted, in which bucket, and what happens when counting fails."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from people import at_the_same_time
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from twinlock.django import throttle
from twinlock.django.throttle import Rate, _claim_place, address_of


def rate(settings, text):
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": text}


def test_a_throttled_request_is_answered_as_drf_does_with_a_code(alice, settings, monkeypatch):
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: 1_800_000_003.5))
    rate(settings, "2/minute")
    for _ in range(2):
        assert alice.post("jwt/create", alice.credentials).status_code == 200
    response = alice.post("jwt/create", alice.credentials)
    assert response.status_code == 429
    assert response.json() == {
        "detail": "Request was throttled. Expected available in 57 seconds.",
        "code": "throttled",
        "retry_after": 57,
    }
    assert response["Retry-After"] == "57"


def test_a_window_ends(alice, settings, monkeypatch):
    moment = [1_800_000_000.0]
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: moment[0]))
    rate(settings, "1/minute")
    assert alice.post("jwt/create", alice.credentials).status_code == 200
    assert alice.post("jwt/create", alice.credentials).status_code == 429
    moment[0] += 60
    assert alice.post("jwt/create", alice.credentials).status_code == 200


def test_each_group_of_endpoints_has_its_own_bucket(enrolled, settings):
    """THR-07: all of them are limited, and a poller of one does not lock out another."""
    tokens = enrolled.sign_in()
    rate(settings, "1/day")
    groups = {
        "totp/create": {},
        "totp/recovery": {"email": "a@example.com"},
        "totp/recovery_confirm": {},
        "jwt/create": {},
        "jwt/totp/verify": {},
    }
    for path, body in groups.items():
        assert enrolled.post(path, body).status_code != 429, path
        assert enrolled.post(path, body).status_code == 429, path
    for path in ("totp/confirm", "totp/disable", "totp/rotate_backup_codes"):
        assert enrolled.post(path).status_code == 429, path
    assert enrolled.get("totp/status").status_code == 200
    for _ in range(3):
        assert enrolled.post("jwt/refresh", {"refresh": tokens["refresh"]}).status_code == 200


def test_a_user_is_counted_whatever_the_address_and_not_with_the_projects_throttles(alice, settings):
    from django.core.cache import cache

    alice.sign_in_by_password()
    rate(settings, "1/day")
    cache.set(f"throttle_user_{alice.user.pk}", [9e9] * 100)
    assert alice.post("totp/create", REMOTE_ADDR="198.51.100.1").status_code == 201
    assert alice.post("totp/create", REMOTE_ADDR="198.51.100.2").status_code == 429


def test_two_users_behind_one_address_do_not_share_a_bucket(person, settings):
    people = [person("bob"), person("carol")]
    for someone in people:
        someone.sign_in_by_password()
    rate(settings, "1/day")
    assert [someone.post("totp/create").status_code for someone in people] == [201, 201]


def test_the_old_setting_is_understood(alice, settings):
    settings.TWINLOCK = {key: value for key, value in settings.TWINLOCK.items() if key != "THROTTLE_RATE"}
    settings.TOTP_THROTTLE_RATE = "1/day"
    assert alice.post("jwt/create", alice.credentials).status_code == 200
    assert alice.post("jwt/create", alice.credentials).status_code == 429


@pytest.mark.parametrize(
    ("text", "parsed"),
    [("10/minute", (10, 60)), ("5/s", (5, 1)), ("100/hour", (100, 3600)), ("1 / day", (1, 86_400))],
)
def test_rates_are_read_as_drf_writes_them(text, parsed):
    assert Rate.parse(text) == parsed


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "counted"),
    [
        (0, "203.0.113.9", "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, None, "10.0.0.1", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1", "10.0.0.1"),
        (1, "203.0.113.9; DROP TABLE", "10.0.0.1", "10.0.0.1"),
        (1, "\xff\x00", "10.0.0.1", "10.0.0.1"),
        (0, None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, None, "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (0, None, "::ffff:198.51.100.1", "198.51.100.1"),
        (0, None, "", "unknown"),
        (0, None, "fe80::1%eth0", "fe80::/64"),
    ],
)
def test_thr_02_the_address_is_what_connected_unless_proxies_are_trusted(
    settings, proxies, forwarded, remote, counted
):
    settings.TWINLOCK = {**settings.TWINLOCK, "TRUSTED_PROXIES": proxies}
    extra = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = Request(APIRequestFactory().get("/", REMOTE_ADDR=remote, **extra))
    assert address_of(request).ident == counted


@pytest.mark.parametrize("backend", ["dummy", "broken"])
def test_thr_05_a_cache_that_does_not_count_lets_nobody_through(alice, settings, backend):
    paths = {"dummy": "django.core.cache.backends.dummy.DummyCache", "broken": f"{__name__}.BrokenCache"}
    settings.CACHES = {"default": {"BACKEND": paths[backend]}}
    response = alice.post("jwt/create", alice.credentials)
    assert response.status_code == 503
    assert response.json() == {
        "detail": "Requests cannot be counted at the moment; try again later.",
        "code": "throttle_unavailable",
        "retry_after": 5,
    }
    settings.TWINLOCK = {**settings.TWINLOCK, "DANGER_THROTTLE_FAILS_OPEN": True}
    assert alice.post("jwt/create", alice.credentials).status_code == 200


class BrokenCache:
    """A cache whose server is down."""

    def __init__(self, *args):
        pass

    def __getattr__(self, name):
        raise ConnectionError("no route to the cache")

    def close(self, **kwargs):
        pass


@pytest.mark.django_db(transaction=True)
def test_thr_03_parallel_requests_do_not_slip_past_the_limit_of_a_shared_cache(settings):
    """A database cache is shared by all processes, and its `incr` is a read and a write."""
    database_cache = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "test_cache"}
    settings.CACHES = {"default": database_cache}
    call_command("createcachetable", verbosity=0)
    try:
        through = at_the_same_time(*[lambda: _claim_place("key", Rate(5, 60))] * 20)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE test_cache")
    assert sorted(through) == [False] * 15 + [True] * 5


def test_unauthenticated_requests_are_refused_before_they_are_counted(db):
    for _ in range(30):
        assert APIClient().post("/api/totp/create/").status_code == 401
