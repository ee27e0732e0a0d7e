"""The engine's view of `TWINLOCK['JWT']`: its keys, lives and claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from twinlock import JwtConfig, JwtKey

from ..conf.shapes import Jwt

HMAC = "HS"


def jwt_config(jwt: Jwt) -> JwtConfig:
    """The configuration; raises the fault of the first key that does not fit.

    Without a signing key the key ring's own sub-keys sign. A key that is given twice, such as the public half
    of the one that signs, counts once.
    """
    keys: dict[str, JwtKey] = {}
    for source in keys_of(jwt):
        key = source.make()
        keys.setdefault(key.id, key)
    return JwtConfig(
        keys=tuple(keys.values()),
        issuer=jwt.ISSUER,
        audience=jwt.AUDIENCE,
        access_life=jwt.ACCESS_LIFETIME,
        refresh_life=jwt.REFRESH_LIFETIME,
        family_life=jwt.SESSION_LIFETIME,
        reuse_grace=jwt.REUSE_GRACE,
        leeway=jwt.LEEWAY,
        user_id_claim=jwt.USER_ID_CLAIM,
    )


class Source(NamedTuple):
    """Where in the settings a key stands, what it says, and how it becomes one."""

    place: str
    text: str
    algorithm: str
    make: Callable[[], JwtKey]

    def __repr__(self) -> str:
        return f"Source({self.place})"


def keys_of(jwt: Jwt) -> list[Source]:
    """The keys in the settings; the one that signs comes first."""
    if jwt.SIGNING_KEY is None:
        return []
    found = [("['SIGNING_KEY']", jwt.SIGNING_KEY, jwt.ALGORITHM)]
    for index, key in enumerate(jwt.VERIFYING_KEYS):
        found.append((f"['VERIFYING_KEYS'][{index}]", key.KEY, key.ALGORITHM or jwt.ALGORITHM))
    return [Source(place, text, algorithm, _maker(text, algorithm)) for place, text, algorithm in found]


def is_jwk(text: str) -> bool:
    """Whether a key is the text of a JWK, which names its algorithm itself."""
    return text.lstrip().startswith("{")


def is_key_file(text: str) -> bool:
    """Whether a key is the text of a key file, which is no secret for an HMAC."""
    return "-----BEGIN " in text


def _maker(text: str, algorithm: str) -> Callable[[], JwtKey]:
    if is_jwk(text):
        return lambda: JwtKey.from_jwk(text)
    if algorithm.startswith(HMAC):
        return lambda: JwtKey.hmac(algorithm, text)
    return lambda: JwtKey.from_pem(algorithm, text)
