"""A project that comes from simplejwt keeps its settings."""

import datetime

import jwt as pyjwt
import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from twinlock.django import services
from twinlock.django.conf import settings

SECRET = "a secret of thirty-two bytes, or more"
MINUTES = datetime.timedelta(minutes=1)


def simplejwt(own=None, **theirs):
    return override_settings(SIMPLE_JWT=theirs, TWINLOCK={**django_settings.TWINLOCK, "JWT": own or {}})


def heard():
    return {
        found.id: f"{found.msg} {found.hint}" for found in run_checks() if found.id.startswith("twinlock.")
    }


def test_what_is_set_there_counts_here():
    with simplejwt(
        SIGNING_KEY=SECRET * 2,
        ALGORITHM="HS512",
        ISSUER="i",
        AUDIENCE="a",
        LEEWAY=datetime.timedelta(seconds=5),
        ACCESS_TOKEN_LIFETIME=10 * MINUTES,
        REFRESH_TOKEN_LIFETIME=120 * MINUTES,
        ROTATE_REFRESH_TOKENS=False,
        USER_ID_CLAIM="uid",
        AUTH_HEADER_TYPES=("JWT", "Bearer"),
    ):
        jwt = settings.JWT
        assert (jwt.SIGNING_KEY, jwt.ALGORITHM) == (SECRET * 2, "HS512")
        assert (jwt.ISSUER, jwt.AUDIENCE, jwt.LEEWAY) == ("i", "a", 5)
        assert (jwt.ACCESS_LIFETIME, jwt.REFRESH_LIFETIME, jwt.ROTATE) == (600, 7200, False)
        assert (jwt.USER_ID_CLAIM, jwt.HEADER_TYPES) == ("uid", ("JWT", "Bearer"))
        assert "twinlock.W010" not in heard()


def test_our_own_name_wins_and_the_keys_come_from_one_place():
    with simplejwt(
        {"ISSUER": "ours", "SIGNING_KEY": SECRET}, SIGNING_KEY="x" * 64, ALGORITHM="HS512", ISSUER="i"
    ):
        assert (settings.JWT.ISSUER, settings.JWT.SIGNING_KEY, settings.JWT.ALGORITHM) == (
            "ours",
            SECRET,
            "HS256",
        )


def test_nothing_set_is_our_default():
    with simplejwt(ISSUER=None, LEEWAY=2.0, AUTH_HEADER_TYPES="Token"):
        jwt = settings.JWT
        assert (jwt.ISSUER, jwt.ROTATE, jwt.ACCESS_LIFETIME, jwt.SIGNING_KEY) == (None, True, 300, None)
        assert (jwt.LEEWAY, jwt.HEADER_TYPES) == (2, ("Token",))


def test_both_halves_of_a_key_are_one_key(user):
    from test_token_keys import private, public

    with simplejwt(SIGNING_KEY=private("RS256").encode(), VERIFYING_KEY=public("RS256"), ALGORITHM="RS256"):
        tokens = services.mint(user, services.begin_sign_in(user).proof)
        assert pyjwt.get_unverified_header(tokens.access)["alg"] == "RS256"
        assert len(services.engine().jwks()["keys"]) == 1


def test_w010_names_what_has_no_counterpart_and_is_silent_about_what_always_is_so():
    with simplejwt(
        JWK_URL="https://example.com", UPDATE_LAST_LOGIN=True, BLACKLIST_AFTER_ROTATION=True, JTI_CLAIM="jti"
    ):
        text = heard()["twinlock.W010"]
    assert "JWK_URL, UPDATE_LAST_LOGIN" in text
    assert "JTI_CLAIM" not in text
    with simplejwt(ALGORITHM="HS512"):
        assert "ALGORITHM" in heard()["twinlock.W010"]


@pytest.mark.parametrize(
    "theirs",
    [{"LEEWAY": "much"}, {"ACCESS_TOKEN_LIFETIME": "5m"}, {"AUDIENCE": ["a", "b"]}, {"SIGNING_KEY": 3}],
)
def test_a_value_that_cannot_go_over_says_where_it_comes_from(theirs):
    with simplejwt(**theirs), pytest.raises(ImproperlyConfigured, match="SIMPLE_JWT"):
        _ = settings.JWT


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, None),
        ("2100-01-01T00:00:00Z", None),
        (datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc), None),
        ("2020-01-01T00:00:00+01:00", "twinlock.W017"),
        ("2100-01-01T00:00:00", "twinlock.E003"),
        ("2100-13-01T00:00:00Z", "twinlock.E003"),
        ("soon", "twinlock.E003"),
        (4_102_444_800, "twinlock.E003"),
    ],
)
def test_the_end_of_its_tokens_is_a_moment_and_one_that_is_over_is_told(until, expected):
    with simplejwt({"ISSUER": "i", "AUDIENCE": "a", "ACCEPT_SIMPLEJWT_UNTIL": until}):
        found = {key: text for key, text in heard().items() if "ACCEPT_SIMPLEJWT_UNTIL" in text}
    assert list(found) == ([] if expected is None else [expected])


def test_its_tokens_need_itself(monkeypatch):
    monkeypatch.setattr("twinlock.django.checks.tokens.find_spec", lambda name: None)
    with simplejwt({"ACCEPT_SIMPLEJWT_UNTIL": "2100-01-01T00:00:00Z"}):
        assert "installed" in heard()["twinlock.E003"]


def test_a_life_that_is_too_long_here_is_an_error_that_names_both_places():
    with simplejwt(ACCESS_TOKEN_LIFETIME=datetime.timedelta(days=1)):
        text = heard()["twinlock.E003"]
    assert "access_life" in text
    assert "SIMPLE_JWT" in text
