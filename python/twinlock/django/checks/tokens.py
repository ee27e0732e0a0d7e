"""What `manage.py check` says about the keys of tokens and about settings of simplejwt."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from twinlock.errors import Fault

from ..conf import settings
from ..conf.simplejwt import without_counterpart
from ..services.jwt import HMAC, is_jwk, is_key_file, keys_of

KINDS = (
    "HS256/384/512 take a secret of at least 32/48/64 bytes; RS256 to PS512, ES256, ES384 and EdDSA take PEM "
    "text, not encrypted; a JWK (a dict or its text) names its algorithm in 'alg'."
)
PUBLIC_TEXT = (
    "Whoever has the public half of a key file could sign with it as a secret. "
    "Set ['ALGORITHM'] to the key's own: RS256, PS256, ES256, ES384 or EdDSA."
)


def check_token_keys(**_: Any) -> list[CheckMessage]:
    """E003: a key of TWINLOCK['JWT'] that does not work, by its place."""
    try:
        jwt = settings.JWT
    except ImproperlyConfigured:
        return []
    found: list[CheckMessage] = []
    for place, text, algorithm, make in keys_of(jwt):
        name = f"TWINLOCK['JWT']{place}"
        if algorithm.startswith(HMAC) and is_key_file(text) and not is_jwk(text):
            message = f"{name} is the text of a key file, but its algorithm is {algorithm} (jwt_key_weak)."
            found.append(Error(message, hint=PUBLIC_TEXT, id="twinlock.E003"))
            continue
        try:
            make()
        except Fault as fault:
            found.append(Error(f"{name} ({fault.code}): {fault}", hint=KINDS, id="twinlock.E003"))
    return found


def check_simplejwt_tokens(**_: Any) -> list[CheckMessage]:
    """E003: tokens of simplejwt are to count without it. W017: they no longer do."""
    try:
        until = settings.JWT.ACCEPT_SIMPLEJWT_UNTIL
    except ImproperlyConfigured:
        return []
    if until is None:
        return []
    name = "TWINLOCK['JWT']['ACCEPT_SIMPLEJWT_UNTIL']"
    if find_spec("rest_framework_simplejwt") is None:
        hint = "simplejwt verifies what it issued: keep djangorestframework-simplejwt installed until then."
        return [Error(f"{name} needs simplejwt.", hint=hint, id="twinlock.E003")]
    if until > timezone.now().timestamp():
        return []
    hint = "Remove it, SIMPLE_JWT's leftovers and simplejwt itself."
    return [Caution(f"{name} is over: tokens of simplejwt count no more.", hint=hint, id="twinlock.W017")]


def check_simplejwt(**_: Any) -> list[CheckMessage]:
    """W010: names in SIMPLE_JWT that change nothing here."""
    try:
        names = without_counterpart()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="twinlock.E003")]
    if not names:
        return []
    hint = (
        "Twinlock reads from SIMPLE_JWT what TWINLOCK['JWT'] does not say, as far as it has the same. "
        "Remove what has no effect, or keep it for views of simplejwt's own."
    )
    message = f"SIMPLE_JWT has settings without effect here: {', '.join(sorted(names))}."
    return [Caution(message, hint=hint, id="twinlock.W010")]
