"""The engine and the loop around it, built from the settings and kept until the settings' content changes."""

from __future__ import annotations

from typing import Any

from twinlock import Engine, KeyRing, Policy, SecondFactor

from ..conf import settings
from ..conf.shapes import Jwt
from ..store import CallStore, DjangoStore, Found
from .jwt import jwt_config

_built: tuple[object, Engine, SecondFactor] | None = None


def engine() -> Engine:
    """The engine for the present settings."""
    return _build()[1]


def second_factor() -> SecondFactor:
    """The engine with the Django store around it."""
    return _build()[2]


def for_one_call(*found: Found) -> tuple[SecondFactor, CallStore]:
    """As `second_factor`, with a store for one call about a user, whose record may have been read already."""
    made = engine()
    store = CallStore(DjangoStore(lambda: made), *found)
    return SecondFactor(made, store), store


def _build() -> tuple[object, Engine, SecondFactor]:
    global _built
    state, found = settings.state(), _built
    if found is None or found[0] is not state:
        made = build_engine(settings.KEYS, settings.ISSUER, settings.POLICY, settings.JWT)
        found = _built = (state, made, SecondFactor(made, DjangoStore(engine)))
    return found


def build_engine(keys: str, issuer: str, policy: dict[str, Any], jwt: Jwt) -> Engine:
    """A new engine; raises the fault of whatever does not fit."""
    return Engine(KeyRing.parse(keys), Policy(issuer=issuer, **policy), jwt=jwt_config(jwt))
