"""Sealing a host's own small secrets, bound to a subject and to the key ring."""

from twinlock._twinlock import vault_open as open
from twinlock._twinlock import vault_seal as seal

__all__ = ["seal", "open"]
