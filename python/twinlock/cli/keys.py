"""``keygen``: make a key, or put a new one in front of the old ones."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from twinlock import KeyRing
from twinlock.cli.inputs import KEYS_VARIABLE, InputProblem, add_command

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands


def add_commands(commands: Commands) -> None:
    """Add ``keygen``."""
    parser = add_command(
        commands,
        "keygen",
        "print a new master key",
        f"  export {KEYS_VARIABLE}=$(python -m twinlock keygen)\n"
        f"  export {KEYS_VARIABLE}=$(python -m twinlock keygen --rotate)   # new key first, old ones kept\n\n"
        "The key opens every record. Keep it outside the database and its backups; without it, all users\n"
        "have to enroll again.",
    )
    parser.add_argument(
        "--rotate",
        action="store_true",
        help=f"print a ring with the new key before those in {KEYS_VARIABLE}",
    )
    parser.set_defaults(run=keygen)


def keygen(options: argparse.Namespace) -> int:
    """Print a key ring as text; its public ids go to standard error."""
    ring = KeyRing.generate()
    if options.rotate:
        old = os.environ.get(KEYS_VARIABLE)
        if not old:
            raise InputProblem(f"{KEYS_VARIABLE} holds no keys to rotate")
        ring = KeyRing.parse(f"{ring.to_text()},{KeyRing.parse(old).to_text()}")
    print(ring.to_text())
    print(f"key ids, the first seals and signs: {' '.join(ring.ids)}", file=sys.stderr)
    return 0
