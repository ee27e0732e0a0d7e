"""The settings of djangorestframework-simplejwt, so that a project can swap and keep its `SIMPLE_JWT`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings

from .kinds import typed

KEY_NAMES = ("SIGNING_KEY", "ALGORITHM", "VERIFYING_KEYS")
"""They belong together: all of them come from the one dict or from the other."""


def _same(value: Any) -> Any:
    return value


def _seconds(value: Any) -> Any:
    return int(value.total_seconds()) if isinstance(value, timedelta) else value


def _leeway(value: Any) -> Any:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return int(seconds) if isinstance(seconds, float) else seconds


COUNTERPARTS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "ISSUER": ("ISSUER", _same),
    "AUDIENCE": ("AUDIENCE", _same),
    "ACCESS_TOKEN_LIFETIME": ("ACCESS_LIFETIME", _seconds),
    "REFRESH_TOKEN_LIFETIME": ("REFRESH_LIFETIME", _seconds),
    "ROTATE_REFRESH_TOKENS": ("ROTATE", _same),
    "LEEWAY": ("LEEWAY", _leeway),
    "USER_ID_CLAIM": ("USER_ID_CLAIM", _same),
    "AUTH_HEADER_TYPES": ("HEADER_TYPES", _same),
}
"""simplejwt's names, ours, and how a value goes over."""
FIXED: Mapping[str, Any] = {
    "BLACKLIST_AFTER_ROTATION": True,
    "CHECK_USER_IS_ACTIVE": True,
    "CHECK_REVOKE_TOKEN": True,
    "TOKEN_TYPE_CLAIM": "token_type",
    "JTI_CLAIM": "jti",
    "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "refresh_exp",
    "AUTH_HEADER_NAME": "HTTP_AUTHORIZATION",
    "USER_ID_FIELD": "id",
    "ALGORITHM": "HS256",
    "VERIFYING_KEY": "",
}
"""What always is so here: these values are no loss."""
KEYS = ("SIGNING_KEY", "ALGORITHM", "VERIFYING_KEY")
"""The algorithm and the other half mean something beside the key that signs."""


def simplejwt() -> Mapping[str, Any]:
    """The project's `SIMPLE_JWT`, checked to be a dict."""
    found: Mapping[str, Any] = typed(
        "SIMPLE_JWT", getattr(django_settings, "SIMPLE_JWT", {}), Mapping, "a dict"
    )
    return found


def with_simplejwt(key: str, found: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The dict `found` whose member `key` is filled up with what SIMPLE_JWT says."""
    theirs = simplejwt()
    if not theirs:
        return found
    ours = typed(f"{path}[{key!r}]", found.get(key, {}), Mapping, "a dict")
    filled = {
        name: convert(theirs[old])
        for old, (name, convert) in COUNTERPARTS.items()
        if theirs.get(old) is not None
    }
    if not any(name in ours for name in KEY_NAMES):
        filled.update(_keys(theirs))
    return {key: {**filled, **ours}}


def without_counterpart() -> list[str]:
    """The names in SIMPLE_JWT that change nothing here."""
    known = {*COUNTERPARTS, *(KEYS if simplejwt().get("SIGNING_KEY") else ())}
    return [name for name, value in simplejwt().items() if name not in known and FIXED.get(name) != value]


def _keys(theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The key that signs, and the one that verifies where that is another half."""
    if theirs.get("SIGNING_KEY") is None:
        return {}
    algorithm = theirs.get("ALGORITHM", "HS256")
    halves = bool(theirs.get("VERIFYING_KEY")) and not str(algorithm).startswith("HS")
    found = {"SIGNING_KEY": theirs["SIGNING_KEY"], "ALGORITHM": algorithm}
    return {**found, "VERIFYING_KEYS": [theirs["VERIFYING_KEY"]]} if halves else found
