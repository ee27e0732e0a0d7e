"""The engine and the loop around it, built from the settings and kept until the settings' content changes."""

from __future__ import annotations

from typing import Any

from twinlock import Engine, KeyRing, Policy, SecondFactor

from ..conf import settings
from ..conf.shapes import Jwt
from ..store import DjangoStore
from .jwt import jwt_config

_built: tuple[Any, Engine, SecondFactor] | None = None


def engine() -> Engine:
    """The engine for the present settings."""
    return _build()[1]


def second_factor() -> SecondFactor:
    """The engine with the Django store around it."""
    return _build()[2]


def _build() -> tuple[Any, Engine, SecondFactor]:
    global _built
    content = (settings.KEYS, settings.ISSUER, settings.POLICY, settings.JWT)
    found = _built
    if found is None or found[0] != content:
        made = build_engine(*content)
        found = _built = (content, made, SecondFactor(made, DjangoStore(engine)))
    return found


def build_engine(keys: str, issuer: str, policy: dict[str, Any], jwt: Jwt) -> Engine:
    """A new engine; raises the fault of whatever does not fit."""
    return Engine(KeyRing.parse(keys), Policy(issuer=issuer, **policy), jwt=jwt_config(jwt))
