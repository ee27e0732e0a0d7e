"""Sealing a host's own small secrets, bound to a subject and to the key ring.

After a rotation, ``reseal`` gives each a new envelope under the first key, and :class:`KeyUsage` counts what
the old keys still hold. ``to_text`` and ``from_text`` are for columns of text, ``key_id`` says which key an
envelope needs.
"""

from twinlock._twinlock import KeyUsage
from twinlock._twinlock import vault_from_text as from_text
from twinlock._twinlock import vault_key_id as key_id
from twinlock._twinlock import vault_open as open
from twinlock._twinlock import vault_reseal as reseal
from twinlock._twinlock import vault_seal as seal
from twinlock._twinlock import vault_to_text as to_text

__all__ = ["seal", "open", "reseal", "key_id", "to_text", "from_text", "KeyUsage"]
