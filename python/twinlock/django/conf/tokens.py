"""The settings of access and refresh tokens."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from .kinds import Group, OptionalText, Text, Whole, Words
from .shapes import Jwt


def _whole_ring(name: str, jwt: Jwt) -> None:
    if jwt.VERIFYING_KEYS and jwt.SIGNING_KEY is None:
        raise ImproperlyConfigured(f"{name}['VERIFYING_KEYS'] needs {name}['SIGNING_KEY'] beside it.")


class TokenSettings:
    """How tokens are signed and how long they live."""

    JWT = Group(
        "How tokens are signed and how long they live.",
        Jwt,
        {
            "SIGNING_KEY": OptionalText(
                "The key that signs; without it, one derived from `KEYS`.", default=None
            ),
            "ALGORITHM": Text("The algorithm of the keys.", default="HS256"),
            "VERIFYING_KEYS": Words("Further keys whose tokens count.", default=()),
            "ISSUER": OptionalText("The `iss` claim, minted and asked for.", default=None),
            "AUDIENCE": OptionalText("The `aud` claim, minted and asked for.", default=None),
            "ACCESS_LIFETIME": Whole("Seconds that an access token lives.", default=300),
            "REFRESH_LIFETIME": Whole("Seconds that a refresh token lives.", default=86_400),
            "LEEWAY": Whole("Seconds by which clocks may differ.", default=0),
            "USER_ID_CLAIM": Text("The claim with the user's key.", default="user_id"),
        },
        check=_whole_ring,
    )
