"""What the checks say about the settings themselves, the database and the cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.connection import ConnectionDoesNotExist

from twinlock import KeyRing
from twinlock.errors import Fault

from ..conf import settings
from ..services.build import build_engine
from ..store import database
from .tokens import check_token_keys

FIT_DATABASES = frozenset(("sqlite", "postgresql", "mysql", "oracle"))
UNFIT_CACHES = {
    "locmem.LocMemCache": "is kept by each process alone, so request throttles count each process alone",
    "dummy.DummyCache": "keeps nothing, so request throttles count nothing",
    "filebased.FileBasedCache": "counts in files, which requests at once read alike, and drops entries",
}
WITHOUT_EFFECT = {
    "TOTP_ENCRYPTION_KEY": "Records are sealed with TWINLOCK['KEYS']; remove it after the import.",
    "TOTP_TOKEN_SALT": "Challenges are signed with a key derived from TWINLOCK['KEYS']; remove it.",
}


def check_keys(**_: Any) -> list[CheckMessage]:
    """E001: no keys. E002: keys that do not work."""
    try:
        keys = settings.KEYS
    except ImproperlyConfigured as error:
        return [Error(str(error), id="twinlock.E001")]
    try:
        KeyRing.parse(keys)
    except Fault as fault:
        hint = "Make keys with `python -m twinlock keygen`; separate them with commas, the sealing one first."
        return [Error(f"TWINLOCK['KEYS'] ({fault.code}): {fault}", hint=hint, id="twinlock.E002")]
    return []


def check_policy(**_: Any) -> list[CheckMessage]:
    """E003: a setting of the wrong kind or out of its bounds."""
    problems = [problem for name in settings.table() for problem in _read(name)]
    if problems or check_keys() or check_token_keys():
        return problems
    try:
        build_engine(settings.KEYS, settings.ISSUER, settings.POLICY, settings.JWT)
    except (Fault, TypeError) as error:
        code = f" ({error.code})" if isinstance(error, Fault) else ""
        hint = (
            "Look at TWINLOCK['ISSUER'], ['POLICY'] (or TOTP_MAX_BACKUP_CODES, TOTP_TOKEN_MAX_AGE), ['JWT']"
            " (or SIMPLE_JWT, which stands in where that is silent);"
            " twinlock.Policy.OPTIONS lists every option with its bounds."
        )
        return [
            Error(f"The second factor's settings do not work{code}: {error}", hint=hint, id="twinlock.E003")
        ]
    return []


def check_names(**_: Any) -> list[CheckMessage]:
    """E003: a name in `TWINLOCK` that means nothing, such as a misspelled one."""
    try:
        unknown = settings.unknown()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="twinlock.E003")]
    return [
        Error(f"{name} is no setting of Twinlock.", hint="Look for a misspelling.", id="twinlock.E003")
        for name in unknown
    ]


def check_database(**_: Any) -> list[CheckMessage]:
    """E004: a database that is not there, or whose conditional update nobody has tried."""
    return _on_database(
        lambda connection: connection.vendor in FIT_DATABASES,
        "Second factors need a database with transactions and a reliable conditional UPDATE.",
    )


def check_transactions(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """E004, asked of the database itself: tables without transactions, such as MyISAM."""
    try:
        wanted = database() in (databases or ())
    except ImproperlyConfigured:
        return []
    if not wanted:
        return []
    return _on_database(
        lambda connection: bool(connection.features.supports_transactions),
        "The database's tables know no transactions; choose an engine that does.",
    )


def check_jwt(**_: Any) -> list[CheckMessage]:
    """W001: a signing key with a second job, or tokens that name neither issuer nor audience."""
    try:
        jwt = settings.JWT
    except ImproperlyConfigured:
        return []
    found: list[CheckMessage] = []
    if jwt.SIGNING_KEY is not None and jwt.SIGNING_KEY == django_settings.SECRET_KEY:
        message = "TWINLOCK['JWT']['SIGNING_KEY'] is SECRET_KEY: one leak forges both."
        hint = "Leave it out: the tokens are then signed with a key derived from TWINLOCK['KEYS']."
        found.append(Caution(message, hint=hint, id="twinlock.W001"))
    unset = [f"['{name}']" for name in ("ISSUER", "AUDIENCE") if not getattr(jwt, name)]
    if unset:
        message = f"TWINLOCK['JWT'] has no {' and no '.join(unset)}."
        hint = "Set both, so that a token for another service that shares the key is refused here."
        found.append(Caution(message, hint=hint, id="twinlock.W001"))
    return found


def check_cache(**_: Any) -> list[CheckMessage]:
    """W002: a cache that cannot count for all processes, so that request throttles count too little."""
    backend = str(getattr(django_settings, "CACHES", {}).get("default", {}).get("BACKEND", ""))
    hint = (
        "Use a shared cache that counts at one place, such as Redis, memcached or the database, with several "
        "workers. The limits per account are in the database and hold."
    )
    return [
        Caution(f"CACHES['default'] {trouble}.", hint=hint, id="twinlock.W002")
        for name, trouble in UNFIT_CACHES.items()
        if backend.endswith(name)
    ]


def check_old_settings(**_: Any) -> list[CheckMessage]:
    """W003: settings of django-totp that do nothing here."""
    return [
        Caution(f"{name} has no effect.", hint=hint, id="twinlock.W003")
        for name, hint in WITHOUT_EFFECT.items()
        if hasattr(django_settings, name)
    ]


def check_danger(**_: Any) -> list[CheckMessage]:
    """W004: a setting named for what it gives up is on."""
    try:
        chosen = {
            "['DANGER_DISABLE_WITHOUT_CODE']: a stolen access token turns the second factor off": (
                settings.DANGER_DISABLE_WITHOUT_CODE
            ),
            "['DANGER_ROTATE_WITHOUT_CODE']: a stolen access token mints backup codes": (
                settings.DANGER_ROTATE_WITHOUT_CODE
            ),
            "['DANGER_THROTTLE_FAILS_OPEN']: a cache that is down ends the limits on requests": (
                settings.DANGER_THROTTLE_FAILS_OPEN
            ),
            "['DANGER_ENROLL_ON_OLD_LOGIN']: a stolen old token sets up the account's first authenticator": (
                settings.DANGER_ENROLL_ON_OLD_LOGIN
            ),
            "['RECOVERY']: mailbox and password together turn the second factor off": (
                settings.RECOVERY.startswith("DANGER_")
            ),
        }
    except ImproperlyConfigured:
        return []
    hint = "Turn it off once no client depends on it."
    return [Caution(f"TWINLOCK{text}.", hint=hint, id="twinlock.W004") for text, on in chosen.items() if on]


def _read(name: str) -> list[CheckMessage]:
    if name == "KEYS":
        return []
    try:
        getattr(settings, name)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="twinlock.E003")]
    return []


def _on_database(fits: Callable[[Any], bool], message: str) -> list[CheckMessage]:
    hint = (
        "Set TWINLOCK['DATABASE'] or the routers to a SQLite, PostgreSQL, MySQL/MariaDB or Oracle database."
    )
    try:
        fit = fits(connections[database()])
    except ImproperlyConfigured:
        return []
    except ConnectionDoesNotExist:
        fit, message = False, "TWINLOCK['DATABASE'] names no database of DATABASES."
    return [] if fit else [Error(message, hint=hint, id="twinlock.E004")]
