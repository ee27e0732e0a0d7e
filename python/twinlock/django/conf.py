"""The settings: one dict `TWINLOCK`, read anew at every access, so that `override_settings` just works.

`from twinlock.django.conf import settings` and read `settings.KEYS`, `settings.JWT.SIGNING_KEY` and so on. A
value of the wrong kind raises ImproperlyConfigured with the name of the setting and never with its value,
which may be a key. The settings of django-totp (`TOTP_ISSUER`, `SITE_NAME`, …) are understood where
`TWINLOCK` says nothing.
"""
# ruff: noqa: N802 - settings are upper case wherever they are read

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import NoneType
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

from .shapes import Jwt, Site

# The last one is off unless asked for: a mail for every sign-in is soon not read.
NOTICES = ("enabled", "disabled", "backup_codes_rotated", "backup_code_used", "signed_in")
RECOVERY_MODES = ("backup_code", "admin", "DANGER_email_and_password_only")


class Settings:
    """The typed view of `TWINLOCK`. It holds no state of its own."""

    @property
    def KEYS(self) -> str:
        """The key ring, required: `tlk1_…` keys, the first seals and signs, the others only open."""
        value = _twinlock().get("KEYS")
        if isinstance(value, (list, tuple)) and all(isinstance(key, str) for key in value):
            value = ",".join(value)
        if not value:
            raise ImproperlyConfigured(
                "TWINLOCK['KEYS'] is missing: make a key with `python -m twinlock keygen` "
                "and keep it outside the repository."
            )
        keys: str = _typed("TWINLOCK['KEYS']", value, str, "a text or a list of texts")
        return keys

    @property
    def ISSUER(self) -> str:
        """The service's name in authenticator apps. Also TOTP_ISSUER."""
        return _text("ISSUER", "TOTP_ISSUER", "MyApp")

    @property
    def POLICY(self) -> dict[str, Any]:
        """What differs from the engine's policy; also TOTP_MAX_BACKUP_CODES and TOTP_TOKEN_MAX_AGE."""
        policy = dict(_typed("TWINLOCK['POLICY']", _twinlock().get("POLICY", {}), Mapping, "a dict"))
        for old, option in (
            ("TOTP_MAX_BACKUP_CODES", "backup_codes"),
            ("TOTP_TOKEN_MAX_AGE", "challenge_life"),
        ):
            if option not in policy and hasattr(django_settings, old):
                policy[option] = _int(old, getattr(django_settings, old))
        for option, value in policy.items():
            if option != "algorithm":
                policy[option] = _int(f"TWINLOCK['POLICY'][{option!r}]", value)
        return policy

    @property
    def JWT(self) -> Jwt:
        """How tokens are signed; without SIGNING_KEY by keys derived from KEYS."""
        jwt = partial(_member, "JWT")
        found = Jwt(
            SIGNING_KEY=jwt("SIGNING_KEY", None, (str, NoneType), "a text"),
            ALGORITHM=jwt("ALGORITHM", "HS256", str, "a text"),
            VERIFYING_KEYS=tuple(jwt("VERIFYING_KEYS", (), (list, tuple), "a list of texts")),
            ISSUER=jwt("ISSUER", None, (str, NoneType), "a text"),
            AUDIENCE=jwt("AUDIENCE", None, (str, NoneType), "a text"),
            ACCESS_LIFETIME=jwt("ACCESS_LIFETIME", 300, int, "a whole number"),
            REFRESH_LIFETIME=jwt("REFRESH_LIFETIME", 86_400, int, "a whole number"),
            LEEWAY=jwt("LEEWAY", 0, int, "a whole number"),
            USER_ID_CLAIM=jwt("USER_ID_CLAIM", "user_id", str, "a text"),
        )
        for key in found.VERIFYING_KEYS:
            _typed("TWINLOCK['JWT']['VERIFYING_KEYS']", key, str, "a list of texts")
        if found.VERIFYING_KEYS and found.SIGNING_KEY is None:
            raise ImproperlyConfigured(
                "TWINLOCK['JWT']['VERIFYING_KEYS'] needs TWINLOCK['JWT']['SIGNING_KEY'] beside it."
            )
        return found

    @property
    def THROTTLE_RATE(self) -> str:
        """Requests per client and endpoint group, as DRF writes rates. Also TOTP_THROTTLE_RATE."""
        return _text("THROTTLE_RATE", "TOTP_THROTTLE_RATE", "10/minute")

    @property
    def TRUSTED_PROXIES(self) -> int:
        """How many proxies in front are ours: so many entries of X-Forwarded-For are believed."""
        count = _int("TWINLOCK['TRUSTED_PROXIES']", _twinlock().get("TRUSTED_PROXIES", 0))
        if count < 0:
            raise ImproperlyConfigured("TWINLOCK['TRUSTED_PROXIES'] must be 0 or more.")
        return count

    @property
    def RECOVERY(self) -> str:
        """What recovery by mail needs beside link and password; see `recovery`."""
        mode = _twinlock().get("RECOVERY", "backup_code")
        if mode not in RECOVERY_MODES:
            raise ImproperlyConfigured(
                "TWINLOCK['RECOVERY'] must be one of: " + ", ".join(RECOVERY_MODES) + "."
            )
        return str(mode)

    @property
    def DANGER_DISABLE_WITHOUT_CODE(self) -> bool:
        """Lets a stolen access token turn the second factor off."""
        return _flag("DANGER_DISABLE_WITHOUT_CODE")

    @property
    def DANGER_ROTATE_WITHOUT_CODE(self) -> bool:
        """Lets a stolen access token mint backup codes."""
        return _flag("DANGER_ROTATE_WITHOUT_CODE")

    @property
    def DANGER_THROTTLE_FAILS_OPEN(self) -> bool:
        """Lets requests through while the cache that counts them is down."""
        return _flag("DANGER_THROTTLE_FAILS_OPEN")

    @property
    def RECOVERY_TIMEOUT(self) -> int:
        """Seconds that a recovery link lives; Django's PASSWORD_RESET_TIMEOUT where it is not set."""
        seconds = _int(
            "TWINLOCK['RECOVERY_TIMEOUT']",
            _twinlock().get("RECOVERY_TIMEOUT", django_settings.PASSWORD_RESET_TIMEOUT),
        )
        if seconds <= 0:
            raise ImproperlyConfigured("TWINLOCK['RECOVERY_TIMEOUT'] must be more than 0 seconds.")
        return seconds

    @property
    def SITE(self) -> Site:
        """The site in mails; the old global names DOMAIN, SITE_NAME, PROTOCOL stand in."""
        olds = {"DOMAIN": "localhost:3000", "SITE_NAME": "localhost", "PROTOCOL": "http"}
        defaults = (getattr(django_settings, old, default) for old, default in olds.items())
        return Site(
            *(
                _member("SITE", key, default, str, "a text")
                for key, default in zip(Site._fields, defaults, strict=True)
            )
        )

    @property
    def RECOVERY_CONFIRM_URL(self) -> str:
        """The path in the recovery mail, with `{uid}` and `{token}`."""
        return _text("RECOVERY_CONFIRM_URL", "TOTP_RECOVERY_CONFIRM_URL", "/totp-recovery/{uid}/{token}")

    @property
    def RECOVERY_EMAIL_TEMPLATE(self) -> str:
        """The template of the recovery mail."""
        return _text(
            "RECOVERY_EMAIL_TEMPLATE", "TOTP_RECOVERY_EMAIL_TEMPLATE", "twinlock/email/recovery.html"
        )

    @property
    def DISABLED_EMAIL_TEMPLATE(self) -> str:
        """The template of the mail that says that the second factor is off."""
        return _text(
            "DISABLED_EMAIL_TEMPLATE", "TOTP_DISABLED_EMAIL_TEMPLATE", "twinlock/email/disabled.html"
        )

    @property
    def NOTICES(self) -> tuple[str, ...]:
        """The changes that a user is told of by mail; see `notices` for all there are."""
        told = _twinlock().get("NOTICES", NOTICES[:-1])
        names = _typed("TWINLOCK['NOTICES']", told, (list, tuple), "a list of texts")
        if unknown := [name for name in names if name not in NOTICES]:
            raise ImproperlyConfigured(f"TWINLOCK['NOTICES'] has {unknown}; there are: {', '.join(NOTICES)}.")
        return tuple(names)

    @property
    def MAIL_SENDER(self) -> str:
        """The dotted path of the callable that is given each mail job; see `mail`."""
        return _text("MAIL_SENDER", None, "twinlock.django.mail.in_background")

    @property
    def DATABASE(self) -> str | None:
        """The alias of the records' database; None: the routers decide, as for any write."""
        alias: str | None = _typed(
            "TWINLOCK['DATABASE']", _twinlock().get("DATABASE"), (str, NoneType), "a text"
        )
        return alias

    def unknown(self) -> list[str]:
        """The names in `TWINLOCK` that mean nothing, such as a misspelled one."""
        known = {name for name in vars(Settings) if name.isupper()}
        found = [f"TWINLOCK[{name!r}]" for name in _twinlock() if name not in known]
        for part, fields in (("JWT", Jwt._fields), ("SITE", Site._fields)):
            inner = _typed(f"TWINLOCK[{part!r}]", _twinlock().get(part, {}), Mapping, "a dict")
            found += [f"TWINLOCK[{part!r}][{name!r}]" for name in inner if name not in fields]
        return found


settings = Settings()


def _twinlock() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _typed("TWINLOCK", getattr(django_settings, "TWINLOCK", {}), Mapping, "a dict")
    return found


def _text(key: str, old: str | None, default: str) -> str:
    found = _twinlock()
    name, value = f"TWINLOCK[{key!r}]", found.get(key, default)
    if key not in found and old is not None:
        name, value = old, getattr(django_settings, old, default)
    text: str = _typed(name, value, str, "a text")
    return text


def _member(part: str, key: str, default: Any, kind: Any, wanted: str) -> Any:
    found = _typed(f"TWINLOCK[{part!r}]", _twinlock().get(part, {}), Mapping, "a dict")
    return _typed(f"TWINLOCK[{part!r}][{key!r}]", found.get(key, default), kind, wanted)


def _flag(key: str) -> bool:
    on: bool = _typed(f"TWINLOCK[{key!r}]", _twinlock().get(key, False), bool, "True or False")
    return on


def _int(name: str, value: Any) -> int:
    number: int = _typed(name, value, int, "a whole number")
    return number


def _typed(name: str, value: Any, kind: Any, wanted: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ImproperlyConfigured(f"{name} must be {wanted}.")
    return value
