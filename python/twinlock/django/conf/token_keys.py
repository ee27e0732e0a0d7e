"""Keys of tokens in the settings: text of a secret, PEM text, or a JWK as a dict or as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured

from .kinds import Setting


class VerifyingKey(NamedTuple):
    """A key whose tokens count. `ALGORITHM` is None where it is that of the key that signs."""

    KEY: str
    ALGORITHM: str | None

    def __repr__(self) -> str:
        return "VerifyingKey(…)"


class Key(Setting["str | None"]):
    """A key as text; the dict of a JWK becomes its text."""

    wanted = "a text or the dict of a JWK"

    def checked(self, name: str, value: Any) -> str | None:
        """The text of the key. Bytes are taken where they are UTF-8, as simplejwt's users have them."""
        return None if value is None else key_text(name, value, self.wanted)


class VerifyingKeys(Setting["tuple[VerifyingKey, ...]"]):
    """Several keys, each with an algorithm of its own or with the common one."""

    wanted, kinds = "a list of keys", (list, tuple)

    def checked(self, name: str, value: Any) -> tuple[VerifyingKey, ...]:
        """The keys in their order."""
        keys: Any = super().checked(name, value)
        return tuple(_verifying(f"{name}[{index}]", key) for index, key in enumerate(keys))


def key_text(name: str, value: Any, wanted: str) -> str:
    """The text of a key in any of its forms."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ImproperlyConfigured(f"{name} holds bytes that are no UTF-8 text.") from None
    if isinstance(value, Mapping) and "kty" in value:
        try:
            return json.dumps(dict(value), sort_keys=True)
        except TypeError:
            raise ImproperlyConfigured(f"{name} is no JWK: it holds more than JSON.") from None
    raise ImproperlyConfigured(f"{name} must be {wanted}.")


def _verifying(name: str, value: Any) -> VerifyingKey:
    wanted = "a text, the dict of a JWK, or {'KEY': …, 'ALGORITHM': …}"
    if isinstance(value, Mapping) and "kty" not in value:
        if set(value) != {"KEY", "ALGORITHM"} or not isinstance(value["ALGORITHM"], str):
            raise ImproperlyConfigured(f"{name} must be {wanted}.")
        return VerifyingKey(key_text(f"{name}['KEY']", value["KEY"], Key.wanted), value["ALGORITHM"])
    return VerifyingKey(key_text(name, value, wanted), None)
