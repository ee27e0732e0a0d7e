"""The settings of the engine: its keys, its name, its policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

from twinlock import Policy

from .kinds import REQUIRED, OptionalText, Setting, Text, typed

OLD_OPTIONS = (("TOTP_MAX_BACKUP_CODES", "backup_codes"), ("TOTP_TOKEN_MAX_AGE", "challenge_life"))
WORD_OPTIONS = frozenset(choice["name"] for choice in Policy.CHOICES)


class Keys(Setting[str]):
    """A key ring as text, or a list of keys."""

    wanted, kinds = "a text or a list of texts", str

    def __init__(self, doc: str) -> None:
        super().__init__(doc, default=REQUIRED)

    def read(self, key: str, found: Mapping[str, Any], path: str) -> str:
        """The ring as text; nothing set is an error that says how to make a key."""
        value = found.get(key)
        if isinstance(value, (list, tuple)) and all(isinstance(text, str) for text in value):
            value = ",".join(value)
        if not value:
            raise ImproperlyConfigured(
                f"{path}[{key!r}] is missing: make a key with `python -m twinlock keygen` "
                "and keep it outside the repository."
            )
        return self.checked(f"{path}[{key!r}]", value)


class Options(Setting["dict[str, Any]"]):
    """What differs from the engine's policy."""

    wanted, kinds = "a dict", Mapping

    def read(self, key: str, found: Mapping[str, Any], path: str) -> dict[str, Any]:
        """The options, with those of django-totp where the dict says nothing. The engine knows the bounds."""
        policy = dict(typed(f"{path}[{key!r}]", found.get(key, {}), Mapping, self.wanted))
        for option, value in policy.items():
            _checked(f"{path}[{key!r}][{option!r}]", option, value)
        for old, option in OLD_OPTIONS:
            if option not in policy and hasattr(django_settings, old):
                policy[option] = _checked(old, option, getattr(django_settings, old))
        return policy


class EngineSettings:
    """What the core is built from."""

    KEYS = Keys(
        "The key ring: `tlk1_…` keys as one text or a list. The first seals and signs, the others only open."
    )
    ISSUER = Text("The service's name in authenticator apps.", default="MyApp", old="TOTP_ISSUER")
    POLICY = Options(
        "What differs from the engine's policy; the options are in [reference.md](reference.md). "
        "`TOTP_MAX_BACKUP_CODES` and `TOTP_TOKEN_MAX_AGE` stand in for `backup_codes` and `challenge_life`.",
        default=dict,
    )
    DATABASE = OptionalText(
        "The alias under which the users' database is reached for records and sessions, which refer to users "
        "by foreign key; without it the routers decide, as for any write.",
        default=None,
    )


def _checked(name: str, option: Any, value: Any) -> Any:
    if option in WORD_OPTIONS:
        return typed(name, value, str, "a text")
    return typed(name, value, int, "a whole number")
