"""The parts of the settings that are dicts, as what reads them sees them."""

from __future__ import annotations

from typing import NamedTuple

from .token_keys import VerifyingKey


class Site(NamedTuple):
    """How links in mails begin and what the mails call the site."""

    DOMAIN: str
    NAME: str
    PROTOCOL: str


class Jwt(NamedTuple):
    """How access and refresh tokens are signed. It holds keys, so its repr shows none."""

    SIGNING_KEY: str | None
    ALGORITHM: str
    VERIFYING_KEYS: tuple[VerifyingKey, ...]
    ISSUER: str | None
    AUDIENCE: str | None
    ACCESS_LIFETIME: int
    REFRESH_LIFETIME: int
    SESSION_LIFETIME: int
    ROTATE: bool
    REUSE_GRACE: int
    SLIDING: bool
    CHECK_SESSIONS: bool
    LEEWAY: int
    USER_ID_CLAIM: str
    HEADER_TYPES: tuple[str, ...]
    ACCEPT_SIMPLEJWT_UNTIL: float | None

    def __repr__(self) -> str:
        return "Jwt(…)"
