"""HOTP: codes from a counter (RFC 4226). ``verify`` returns the matched counter, or ``None``.

The next counter to expect is the matched one plus one; store it before the code counts as accepted.
``resync`` finds a counter that ran ahead by two codes in a row; it, too, returns the last one matched.
"""

from twinlock._twinlock import hotp_generate as generate
from twinlock._twinlock import hotp_resync as resync
from twinlock._twinlock import hotp_verify as verify

__all__ = ["generate", "verify", "resync"]
