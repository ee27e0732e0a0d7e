"""The settings of access and refresh tokens. Those of simplejwt stand in where `TWINLOCK` is silent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.dateparse import parse_datetime

from .kinds import Flag, Group, OptionalText, Setting, Text, Whole
from .shapes import Jwt
from .simplejwt import with_simplejwt
from .token_keys import Key, VerifyingKeys

DEFAULT_ALGORITHM = "HS256"


class HeaderTypes(Setting["tuple[str, ...]"]):
    """What stands before the token in the Authorization header."""

    wanted, kinds = "a list of texts", (list, tuple)

    def checked(self, name: str, value: Any) -> tuple[str, ...]:
        """The words, each without a space. One text alone is one word, as in simplejwt."""
        words = (value,) if isinstance(value, str) else tuple(super().checked(name, value))
        if not words or not all(isinstance(word, str) and len(word.split()) == 1 for word in words):
            raise ImproperlyConfigured(f"{name} must be {self.wanted}, each a single word.")
        return words


class Moment(Setting["float | None"]):
    """A moment, as Unix seconds."""

    wanted = "a datetime with a time zone, or one as ISO 8601 text"

    def checked(self, name: str, value: Any) -> float | None:
        """The seconds; what has no time zone is none."""
        if value is None:
            return None
        try:
            found = parse_datetime(value) if isinstance(value, str) else value
        except ValueError:
            found = None
        if not isinstance(found, datetime) or found.tzinfo is None:
            raise ImproperlyConfigured(f"{name} must be {self.wanted}.")
        return found.timestamp()


class JwtGroup(Group[Jwt]):
    """`TWINLOCK['JWT']`, over SIMPLE_JWT."""

    def read(self, key: str, found: Mapping[str, Any], path: str) -> Jwt:
        """The settings, with simplejwt's where this dict says nothing."""
        filled = with_simplejwt(key, found, path)
        try:
            return super().read(key, filled, path)
        except ImproperlyConfigured as error:
            if filled is found:
                raise
            raise ImproperlyConfigured(f"{error} What is not set there comes from SIMPLE_JWT.") from None


def _key_and_algorithm(name: str, jwt: Jwt) -> None:
    if jwt.SIGNING_KEY is not None:
        return
    if jwt.VERIFYING_KEYS:
        raise ImproperlyConfigured(f"{name}['VERIFYING_KEYS'] needs {name}['SIGNING_KEY'] beside it.")
    if jwt.ALGORITHM != DEFAULT_ALGORITHM:
        raise ImproperlyConfigured(f"{name}['ALGORITHM'] needs {name}['SIGNING_KEY'] beside it.")


class TokenSettings:
    """How tokens are signed and how long they live."""

    JWT = JwtGroup(
        "How tokens are signed and how long they live. "
        "Names of simplejwt's `SIMPLE_JWT` stand in where this dict has nothing.",
        Jwt,
        {
            "SIGNING_KEY": Key(
                "The key that signs: a secret for HS256/384/512, PEM text of a private key, or a JWK. "
                "Without it, one derived from `KEYS`.",
                default=None,
            ),
            "ALGORITHM": Text(
                "The algorithm of the keys: HS256/384/512, RS256/384/512, PS256/384/512, ES256, ES384 or "
                "EdDSA. A JWK says its own.",
                default=DEFAULT_ALGORITHM,
            ),
            "VERIFYING_KEYS": VerifyingKeys(
                "Further keys whose tokens count and whose public halves are published: each as "
                "`SIGNING_KEY`, or `{'KEY': …, 'ALGORITHM': …}` where its algorithm is another.",
                default=(),
            ),
            "ISSUER": OptionalText("The `iss` claim, minted and asked for.", default=None),
            "AUDIENCE": OptionalText("The `aud` claim, minted and asked for.", default=None),
            "ACCESS_LIFETIME": Whole("Seconds that an access token lives, 30 to 900.", default=300),
            "REFRESH_LIFETIME": Whole(
                "Seconds that a refresh token lives, and so how long a session may be idle; for a sliding "
                "token until when it can be refreshed.",
                default=86_400,
            ),
            "SESSION_LIFETIME": Whole(
                "Seconds after which a session ends however busy it is, 30 days at most.", default=30 * 86_400
            ),
            "ROTATE": Flag(
                "Gives a new refresh token at each refresh and notices a stolen one. Turn it off for clients "
                "that keep the first.",
                default=True,
            ),
            "REUSE_GRACE": Whole(
                "Seconds in which a refresh token that was exchanged still gets the same answer, so that two "
                "tabs do not end a session; 0 to 60.",
                default=10,
            ),
            "SLIDING": Flag("Signs in with one sliding token instead of an access and a refresh token."),
            "CHECK_SESSIONS": Flag(
                "Refuses access tokens of revoked sessions at once; otherwise they end with their own life.",
                default=True,
            ),
            "LEEWAY": Whole("Seconds by which clocks may differ, 60 at most.", default=0),
            "USER_ID_CLAIM": Text("The claim with the user's key.", default="user_id"),
            "HEADER_TYPES": HeaderTypes(
                "What stands before the token in the Authorization header.", default=("Bearer",)
            ),
            "ACCEPT_SIMPLEJWT_UNTIL": Moment(
                "Until when tokens count that simplejwt issued before the swap, for users without a second "
                "factor: a datetime with a time zone, or its ISO 8601 text.",
                default=None,
            ),
        },
        check=_key_and_algorithm,
    )
