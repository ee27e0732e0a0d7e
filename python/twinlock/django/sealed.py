"""Small texts that have to wait where others can read: sealed with the first of KEYS, for one place."""

from __future__ import annotations

from twinlock import KeyRing, vault
from twinlock.errors import Fault

from . import services
from .conf import settings


def seal(place: str, text: str) -> str:
    """The text as it waits in that place. Fault: `random_unavailable`, `input_too_large`."""
    return vault.to_text(vault.seal(_ring(), place, text.encode()))


def unseal(place: str, text: str) -> str | None:
    """What `seal` was given for the place; None for all else, as after its key left KEYS."""
    try:
        return vault.open(_ring(), place, vault.from_text(text)).decode()
    except Fault:
        return None


def _ring() -> KeyRing:
    return KeyRing.parse(settings.KEYS).with_cipher(services.engine().policy.cipher)
