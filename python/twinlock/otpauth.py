"""The ``otpauth://`` URI that authenticator apps scan. It holds the secret: never log it."""

from twinlock._twinlock import otpauth_build as build
from twinlock._twinlock import otpauth_parse as parse

__all__ = ["build", "parse"]
