"""The settings: lazy, typed, and never echoed."""

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from twinlock import KeyRing
from twinlock.django import services
from twinlock.django.conf import Settings, settings


def with_(**changes):
    return override_settings(TWINLOCK={**django_settings.TWINLOCK, **changes})


def test_weakness_17_settings_are_read_at_every_access():
    with with_(ISSUER="One"):
        assert settings.ISSUER == "One"
        with with_(ISSUER="Two"):
            assert settings.ISSUER == "Two"
        assert settings.ISSUER == "One"


def test_weakness_17_the_engine_follows_the_settings_and_is_kept_while_they_stay():
    before = services.engine()
    assert services.engine() is before
    with with_(ISSUER="Other", POLICY={"backup_codes": 3}):
        assert services.engine() is not before
        assert services.engine().policy.issuer == "Other"
        assert services.engine().policy.backup_codes == 3
    assert services.engine().policy.issuer == "Acme"


def test_weakness_17_the_site_has_names_of_its_own():
    with with_(SITE={"DOMAIN": "acme.example", "NAME": "Acme", "PROTOCOL": "https"}):
        assert settings.SITE == ("acme.example", "Acme", "https")


@override_settings(
    TWINLOCK={"KEYS": "k"},
    TOTP_ISSUER="Old",
    TOTP_MAX_BACKUP_CODES=4,
    TOTP_THROTTLE_RATE="3/hour",
    TOTP_TOKEN_MAX_AGE=60,
    TOTP_RECOVERY_EMAIL_TEMPLATE="old/recovery.html",
    TOTP_DISABLED_EMAIL_TEMPLATE="old/disabled.html",
    TOTP_RECOVERY_CONFIRM_URL="/old/{uid}/{token}",
    DOMAIN="old.example",
    SITE_NAME="Old site",
    PROTOCOL="https",
)
def test_the_settings_of_django_totp_are_understood():
    assert settings.ISSUER == "Old"
    assert settings.POLICY == {"backup_codes": 4, "challenge_life": 60}
    assert settings.THROTTLE_RATE == "3/hour"
    assert settings.RECOVERY_EMAIL_TEMPLATE == "old/recovery.html"
    assert settings.DISABLED_EMAIL_TEMPLATE == "old/disabled.html"
    assert settings.RECOVERY_CONFIRM_URL == "/old/{uid}/{token}"
    assert settings.SITE == ("old.example", "Old site", "https")


@override_settings(TOTP_ISSUER="Old", TOTP_MAX_BACKUP_CODES=4)
def test_the_new_name_wins_over_the_old_one():
    with with_(ISSUER="New", POLICY={"backup_codes": 7}):
        assert settings.ISSUER == "New"
        assert settings.POLICY["backup_codes"] == 7


@override_settings(TWINLOCK={"KEYS": "k"}, PASSWORD_RESET_TIMEOUT=77)
def test_the_defaults_are_the_safe_ones():
    assert settings.ISSUER == "MyApp"
    assert settings.RECOVERY == "backup_code"
    assert settings.TRUSTED_PROXIES == 0
    assert settings.DANGER_DISABLE_WITHOUT_CODE is False
    assert settings.DANGER_ROTATE_WITHOUT_CODE is False
    assert settings.DANGER_THROTTLE_FAILS_OPEN is False
    assert settings.THROTTLE_RATE == "10/minute"
    assert settings.RECOVERY_TIMEOUT == 77
    assert settings.JWT.SIGNING_KEY is None


CANARY = "canary-value-of-a-secret"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"KEYS": 3}, "TWINLOCK['KEYS']"),
        ({"KEYS": ""}, "TWINLOCK['KEYS']"),
        ({"KEYS": [CANARY, 3]}, "TWINLOCK['KEYS']"),
        ({"ISSUER": 3}, "TWINLOCK['ISSUER']"),
        ({"POLICY": CANARY}, "TWINLOCK['POLICY']"),
        ({"POLICY": {"window": CANARY}}, "TWINLOCK['POLICY']['window']"),
        ({"POLICY": {"window": True}}, "TWINLOCK['POLICY']['window']"),
        ({"JWT": CANARY}, "TWINLOCK['JWT']"),
        ({"JWT": {"SIGNING_KEY": [CANARY]}}, "TWINLOCK['JWT']['SIGNING_KEY']"),
        ({"JWT": {"VERIFYING_KEYS": CANARY}}, "TWINLOCK['JWT']['VERIFYING_KEYS']"),
        ({"JWT": {"VERIFYING_KEYS": [CANARY]}}, "TWINLOCK['JWT']['SIGNING_KEY']"),
        ({"JWT": {"ACCESS_LIFETIME": "300"}}, "TWINLOCK['JWT']['ACCESS_LIFETIME']"),
        ({"TRUSTED_PROXIES": -1}, "TWINLOCK['TRUSTED_PROXIES']"),
        ({"RECOVERY": "whatever"}, "TWINLOCK['RECOVERY']"),
        ({"RECOVERY": []}, "TWINLOCK['RECOVERY']"),
        ({"RECOVERY_TIMEOUT": 0}, "TWINLOCK['RECOVERY_TIMEOUT']"),
        ({"DANGER_DISABLE_WITHOUT_CODE": "yes"}, "TWINLOCK['DANGER_DISABLE_WITHOUT_CODE']"),
        ({"SITE": {"DOMAIN": 3}}, "TWINLOCK['SITE']['DOMAIN']"),
        ({"DATABASE": 3}, "TWINLOCK['DATABASE']"),
    ],
)
def test_a_wrong_value_is_named_and_never_shown(changes, name):
    with with_(**changes), pytest.raises(ImproperlyConfigured) as caught:
        [getattr(settings, key) for key in Settings.table()]
    assert name in str(caught.value)
    assert CANARY not in str(caught.value)


@override_settings(TWINLOCK=None)
def test_a_twinlock_that_is_no_dict_is_named():
    with pytest.raises(ImproperlyConfigured, match="TWINLOCK must be a dict"):
        settings.KEYS  # noqa: B018


def test_keys_may_be_a_list():
    first, second = KeyRing.generate().to_text(), KeyRing.generate().to_text()
    with with_(KEYS=[first, second]):
        assert KeyRing.parse(settings.KEYS).ids == KeyRing.parse(f"{first},{second}").ids


def test_sea_11_the_signing_key_is_in_no_repr():
    with with_(JWT={"SIGNING_KEY": CANARY * 2}):
        assert CANARY not in repr(settings.JWT)
        assert CANARY not in f"{settings.JWT}"


def test_unknown_names_are_found_at_every_level():
    with with_(TRUSTED_PROXYS=1, JWT={"SIGNINGKEY": CANARY}, SITE={"DOMAN": "x"}):
        assert settings.unknown() == [
            "TWINLOCK['TRUSTED_PROXYS']",
            "TWINLOCK['JWT']['SIGNINGKEY']",
            "TWINLOCK['SITE']['DOMAN']",
        ]


@override_settings(TWINLOCK={"NOTICES": ["enabled", "birthday"]})
def test_a_notice_that_does_not_exist_is_named():
    with pytest.raises(ImproperlyConfigured, match=r"TWINLOCK\['NOTICES'\].*birthday.*signed_in"):
        _ = settings.NOTICES
