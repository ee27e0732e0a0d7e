"""The settings of sent codes and of trusted devices. Whether there are any is `POLICY`'s to say."""

from __future__ import annotations

from .kinds import Flag, OptionalText, Text, Word


class DeviceSettings:
    """How a sent code reaches its user, and how a trusted device keeps its token."""

    CODE_SENDER = OptionalText(
        "The dotted path of the callable that delivers a sent code: `twinlock.django.delivery.email_code`, "
        "or one of yours, given the user, the code, its end in Unix seconds and where it was asked for.",
        default=None,
    )
    TRUST_COOKIE_NAME = Text(
        "The cookie with a trusted device's token. Django's error reports hide it where its name has `token` "
        "in it.",
        default="twinlock_trust_token",
    )
    TRUST_COOKIE_PATH = Text("The path that the cookie is sent to.", default="/")
    TRUST_COOKIE_DOMAIN = OptionalText(
        "The domain that the cookie is sent to; without it, this host alone.", default=None
    )
    TRUST_COOKIE_SAMESITE = Word(
        "What other sites' pages send the cookie with.", words=("Lax", "Strict", "None")
    )
    TRUST_COOKIE_SECURE = Flag("Whether the cookie is sent over HTTPS only.", default=True)
    TRUST_HEADER = OptionalText(
        "The header in which clients without cookies show their token, such as `X-Twinlock-Trust-Token`, "
        "which Django's error reports hide for the last word. A client that sends it is given the next token "
        "in the answer's body, where scripts can read it; without a name there are cookies only.",
        default=None,
    )
