"""SEA-09, THR-03: `manage.py check` finds what is wrong, says what to do, and shows no value."""

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.test import override_settings

from twinlock import KeyRing
from twinlock.django import enforcement

GOOD = {
    "CACHES": {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://x"}
    },
    "ROOT_URLCONF": "drf_urls",
}


@pytest.fixture(autouse=True)
def _undeclared(monkeypatch):
    """What the views of other tests ask for is nothing to these."""
    monkeypatch.setattr(enforcement, "declared", set())


def found(**changes):
    """The messages of our checks under changed settings, as a dict of id to text."""
    top = {
        key: changes.pop(key)
        for key in list(changes)
        if key.startswith(("TOTP_", "DATABASE_")) or key in GOOD
    }
    with override_settings(TWINLOCK={**django_settings.TWINLOCK, **changes}, **{**GOOD, **top}):
        messages = [message for message in run_checks() if message.id.startswith("twinlock.")]
    assert all(message.hint or "must" in message.msg or "keygen" in message.msg for message in messages), (
        messages
    )
    texts = {}
    for message in messages:
        texts[message.id] = f"{texts.get(message.id, '')} {message.msg} {message.hint or ''}"
    return texts


def test_a_good_project_has_nothing_to_hear():
    assert found() == {}


def test_e001_missing_keys_are_an_error_that_says_how_to_make_one():
    assert "python -m twinlock keygen" in found(KEYS=None)["twinlock.E001"]


@override_settings(TWINLOCK={})
def test_e001_stops_the_check_command():
    with pytest.raises(SystemCheckError, match=r"twinlock\.E001"):
        call_command("check")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("canary-key", "key_malformed"),
        ("tlk1_" + "A" * 43, "key_weak"),
        (["tlk1_" + "A" * 42 + "canary"], "key_malformed"),
    ],
)
def test_e002_bad_keys_are_named_by_code_and_not_shown(keys, code):
    text = found(KEYS=keys)["twinlock.E002"]
    assert code in text
    assert "canary" not in text


def test_e002_a_key_given_twice_is_an_error():
    key = KeyRing.generate().to_text()
    text = found(KEYS=[key, key])["twinlock.E002"]
    assert "key_duplicate" in text
    assert key not in text


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"POLICY": {"window": 3}}, "window"),
        ({"POLICY": {"windoww": 1}}, "windoww"),
        ({"POLICY": {"lock_seconds": 0}}, "lock_seconds"),
        ({"POLICY": {"algorithm": "MD5"}}, "algorithm_unknown"),
        ({"ISSUER": "a:b"}, "issuer"),
        ({"JWT": {"SIGNING_KEY": "canary-short"}}, "jwt_key_weak"),
        ({"JWT": {"SIGNING_KEY": "canary" * 10, "ALGORITHM": "none"}}, "jwt_algorithm_unknown"),
        ({"JWT": {"ACCESS_LIFETIME": 10**6}}, "access_life"),
        ({"JWT": {"ACCESS_LIFETIME": "5"}}, "ACCESS_LIFETIME"),
        ({"TOTP_TOKEN_MAX_AGE": 10**6}, "challenge_life"),
        ({"RECOVERY": "mail"}, "RECOVERY"),
        ({"TRUSTED_PROXYS": 1}, "TRUSTED_PROXYS"),
    ],
)
def test_e003_a_setting_that_cannot_work_is_named(changes, named):
    text = found(**changes)["twinlock.E003"]
    assert named in text
    assert "canary" not in text


def test_e004_an_alias_that_is_not_there_is_an_error():
    assert "TWINLOCK['DATABASE']" in found(DATABASE="nowhere")["twinlock.E004"]


def test_e004_a_database_that_cannot_update_is_an_error(monkeypatch):
    from django.db import connection

    monkeypatch.setattr(type(connection._connections["default"]), "vendor", "unknown")
    assert "conditional UPDATE" in found()["twinlock.E004"]


class Apart:
    """A router that writes users elsewhere than what refers to them."""

    def db_for_write(self, model, **hints):
        return "people" if model is get_user_model() else None


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ({}, set()),
        ({"NAME": "people"}, {"twinlock.E010"}),
        ({"ENGINE": "django.db.backends.oracle"}, {"twinlock.E010"}),
        ({"HOST": "pooler", "PORT": "6432"}, {"twinlock.W018"}),
    ],
)
def test_e010_second_factors_in_another_database_than_users_are_an_error(monkeypatch, theirs, expected):
    """STO-01: an alias of the same database, such as one that goes past a pooler, is none."""
    ours = connections["default"].settings_dict
    monkeypatch.setitem(connections.settings, "people", {**connections.settings["default"], **ours, **theirs})
    messages = found(DATABASE_ROUTERS=[Apart()])
    assert set(messages) == expected
    assert all("'default'" in text and "'people'" in text for text in messages.values())
    for alias in ("default", "people"):
        assert set(found(DATABASE_ROUTERS=[Apart()], DATABASE=alias)) == (
            expected if alias == "default" else set()
        )


@pytest.mark.django_db
def test_e004_tables_without_transactions_are_an_error(monkeypatch):
    from django.db import connection

    monkeypatch.setitem(connection.features.__dict__, "supports_transactions", False)
    messages = run_checks(databases=["default"])
    assert "twinlock.E004" in [message.id for message in messages]


def test_w001_the_secret_key_as_signing_key_is_a_warning():
    text = found(JWT={"SIGNING_KEY": django_settings.SECRET_KEY, "ISSUER": "i", "AUDIENCE": "a"})[
        "twinlock.W001"
    ]
    assert "SECRET_KEY" in text
    assert django_settings.SECRET_KEY not in text


def test_w001_tokens_for_everybody_are_a_warning():
    text = found(JWT={})["twinlock.W001"]
    assert "ISSUER" in text
    assert "AUDIENCE" in text


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache", "filebased.FileBasedCache"])
def test_thr_03_w002_a_cache_per_process_is_a_warning(backend):
    caches = {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": "/nowhere"}}
    assert "shared cache" in found(CACHES=caches)["twinlock.W002"]


@pytest.mark.parametrize("name", ["TOTP_ENCRYPTION_KEY", "TOTP_TOKEN_SALT"])
def test_w003_an_old_setting_without_effect_is_a_warning(name):
    text = found(**{name: "canary"})["twinlock.W003"]
    assert name in text
    assert "canary" not in text


@pytest.mark.parametrize(
    "changes",
    [
        {"DANGER_DISABLE_WITHOUT_CODE": True},
        {"DANGER_ROTATE_WITHOUT_CODE": True},
        {"DANGER_THROTTLE_FAILS_OPEN": True},
        {"DANGER_ENROLL_ON_OLD_LOGIN": True},
        {"RECOVERY": "DANGER_email_and_password_only"},
    ],
)
def test_w004_a_setting_named_for_its_danger_is_a_warning(changes):
    assert next(iter(changes)) in found(**changes)["twinlock.W004"]
