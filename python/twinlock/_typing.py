"""Names for types in annotations. Imported by type checkers only."""

from __future__ import annotations

from typing import TypeAlias

from twinlock._twinlock import Secret

Bytes: TypeAlias = bytes | bytearray | memoryview
"""What counts as bytes. Records come back from databases as any of these."""
Text: TypeAlias = str | Bytes
"""What counts as text: ``str``, or UTF-8 in bytes."""
SecretText: TypeAlias = Secret | Text
"""A device's secret: a :class:`~twinlock.Secret`, or base32 of at least 16 bytes."""
