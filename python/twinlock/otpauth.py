"""The ``otpauth://`` URI that authenticator apps scan. It holds the secret: never log it.

``parse_migration`` reads the ``otpauth-migration://`` URIs of Google Authenticator's export, one QR code at
a time. What either of the two reads may be given to ``import_device`` as ``uri``.
"""

from twinlock._twinlock import otpauth_build as build
from twinlock._twinlock import otpauth_parse as parse
from twinlock._twinlock import otpauth_parse_migration as parse_migration

__all__ = ["build", "parse", "parse_migration"]
