"""STO-04: who gets hold of database, sessions and cache has nothing to sign in with."""

import re
from importlib import import_module
from types import SimpleNamespace

import dumps
import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache, caches
from django.test import Client
from people import PASSWORD, Phone, codes_sent

from twinlock.django import recovery, services
from twinlock.django.conf import settings
from twinlock.django.pages import pending

pytestmark = pytest.mark.django_db(transaction=True)

OPTIONS = {"trusted_devices": 3, "sent_codes": "sign_in", "fallback": "sent_code"}
CACHED = "django.contrib.sessions.backends.cache"


@pytest.fixture(params=["database and local cache", "redis"])
def haystacks(request, settings):
    """A function that dumps all that the site keeps, by its place."""
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": server.url()}}
        settings.SESSION_ENGINE = CACHED
    cache.clear()

    def dump():
        found = {"database": dumps.database()}
        if request.param == "redis":
            return {**found, "cache": dumps.redis_cache(server.url())}
        return {**found, "sessions": dumps.sessions(), "cache": dumps.local_cache()}

    yield dump
    cache.clear()
    caches["default"].close()


def test_sto_04_neither_database_nor_sessions_nor_cache_hold_anything_to_sign_in_with(
    bob, person, policy, haystacks, start_setup, codes_on
):
    """STO-04"""
    policy(OPTIONS, CODE_SENDER="people.keep_code", REQUIRED="staff")
    canaries = {
        **_life_on_pages(bob, start_setup, codes_on),
        **_life_of_tokens(bob),
        **_left_waiting(bob, person),
    }
    assert len(canaries) > 30
    kept = haystacks()
    assert bob.user.email.encode() in kept["database"], "the dump is one"
    assert b"twinlock_second_factor" in b"".join(kept.values()), "the sessions are in it"
    assert re.search(rb"twinlock:[0-9a-f]{32}", kept["cache"]), "the counters are in it"
    assert {name: places for name, text in canaries.items() if (places := dumps.places_of(text, kept))} == {}
    _plant(bob, canaries["secret"])
    assert dumps.places_of(canaries["secret"], haystacks()) == set(kept), "the search would find it"


def _life_on_pages(bob, start_setup, codes_on):
    """Everything that happens in a browser; returns what it was shown and what it typed."""
    bob.password()
    bob.answer("", backup_code=bob.backup_codes[0])
    shown = bob.post("/account/backup-codes/", {"otp_code": bob.phone.code()})
    typed = bob.phone.code()
    bob.password()
    bob.answer(typed, trust_device="on")
    new = codes_on(shown)
    tablet, page = start_setup(bob, "/account/devices/add/", {"name": "Tablet", "backup_code": new[0]})
    bob.post("/account/setup/confirm/", {"otp_code": tablet.code()})
    bob.post("/account/step-up/", {"purpose": "payout", "otp_code": tablet.code()})
    trust = bob.cookies[settings.TRUST_COOKIE_NAME].value
    return {
        "password": PASSWORD,
        "keys": django_settings.TWINLOCK["KEYS"],
        "secret": bob.phone.totp.secret,
        "tablet": re.search('id="secret">([A-Z2-7]+)<', page.text)[1],
        "code": f'"{typed}"',
        "trust": trust,
        "core's trust": trust.rpartition(".")[0],
        **{f"backup {code}": code for code in [*bob.backup_codes, *new]},
        **{f"bare {code}": code.replace("-", "") for code in new},
    }


def _life_of_tokens(bob):
    """An app's life; returns its tokens and the link of a recovery."""
    phone = Phone(services.add_device(bob.user, backup=_fresh_code(bob)).uri)
    enrolled = services.confirm_enrollment(bob.user, phone.code())
    first = services.mint(bob.user, enrolled.proof)
    tokens = services.refresh(first.refresh)
    stepped = services.step_up(bob.user, "payout", otp=phone.code())
    Client().post("/api/jwt/create/", {"username": "nobody", "password": PASSWORD}, "application/json")
    recovery.request_recovery(bob.user.email)
    link = re.search(r"/totp-recovery/[^/\s]+/([^/\s]+)", mail.outbox[-1].body)[1]
    found = {"first access": first.access, "first refresh": first.refresh, "stepped": stepped.access}
    return {**found, "access": tokens.access, "refresh": tokens.refresh, "link": link}


def _left_waiting(bob, person):
    """Sign-ins that wait for a code, for a sent one, and for an enrollment; returns what they wait with."""
    waiting = {"challenge": bob.another(), "sent to": person(), "enrollment": person(is_staff=True)}
    found = {}
    for name, browser in waiting.items():
        browser.password()
        session = import_module(django_settings.SESSION_ENGINE).SessionStore(
            browser.cookies[django_settings.SESSION_COOKIE_NAME].value
        )
        found[name] = pending.find(SimpleNamespace(session=session)).token
    return {**found, "sent": f'"{codes_sent[-1][1]}"'}


def _fresh_code(bob):
    codes = services.regenerate_backup_codes(bob.user, otp=bob.phone.code())
    bob.backup_codes += codes
    return codes[0]


def _plant(bob, text):
    """Puts a text into each place, as a careless line would."""
    bob.user.first_name = text
    bob.user.save()
    cache.set("careless", text)
    session = bob.session
    session["careless"] = text
    session.save()
