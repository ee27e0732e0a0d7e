"""The parts of the settings that are dicts, as what reads them sees them."""

from __future__ import annotations

from typing import NamedTuple


class Site(NamedTuple):
    """How links in mails begin and what the mails call the site."""

    DOMAIN: str
    NAME: str
    PROTOCOL: str


class Jwt(NamedTuple):
    """How access and refresh tokens are signed. It holds keys, so its repr shows none."""

    SIGNING_KEY: str | None
    ALGORITHM: str
    VERIFYING_KEYS: tuple[str, ...]
    ISSUER: str | None
    AUDIENCE: str | None
    ACCESS_LIFETIME: int
    REFRESH_LIFETIME: int
    LEEWAY: int
    USER_ID_CLAIM: str

    def __repr__(self) -> str:
        return "Jwt(…)"
