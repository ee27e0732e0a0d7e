"""``keygen``: make a key, and turn a ring in two stages that no server notices."""

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
        "print a new master key, or a ring that turns to one",
        f"  export {KEYS_VARIABLE}=$(python -m twinlock keygen)\n\n"
        "Turning a ring, with any number of servers running:\n\n"
        "  python -m twinlock keygen --add              # 1. to every server, restart each: all can open\n"
        "                                               #    what the new key will seal, none seals with it\n"
        "  python -m twinlock keygen --promote KEY_ID   # 2. only then: to every server, restart each\n\n"
        "A server without the key that another one seals with can open none of what that one stored.\n"
        "The key opens every record. Keep it outside the database and its backups; without it, all users\n"
        "have to enroll again.",
    )
    stage = parser.add_mutually_exclusive_group()
    stage.add_argument(
        "--add",
        action="store_true",
        help=f"first stage: print the ring in {KEYS_VARIABLE} with a new key at its end",
    )
    stage.add_argument(
        "--promote",
        metavar="KEY_ID",
        help=f"second stage: print the ring in {KEYS_VARIABLE} with that key in front",
    )
    parser.set_defaults(run=keygen)


def keygen(options: argparse.Namespace) -> int:
    """Print a key ring as text; its public ids and what comes next go to standard error."""
    if options.promote is not None:
        ring = _promoted(_present("promote"), options.promote)
    elif options.add:
        ring = KeyRing.parse(f"{_present('add to').to_text()},{KeyRing.generate().to_text()}")
    else:
        ring = KeyRing.generate()
    print(ring.to_text())
    print(f"key ids, the first seals and signs: {' '.join(ring.ids)}", file=sys.stderr)
    if options.add:
        print(f"once every server has this ring: keygen --promote {ring.ids[-1]}", file=sys.stderr)
    return 0


def _present(action: str) -> KeyRing:
    text = os.environ.get(KEYS_VARIABLE)
    if not text:
        raise InputProblem(f"{KEYS_VARIABLE} holds no keys to {action}")
    return KeyRing.parse(text)


def _promoted(ring: KeyRing, key_id: str) -> KeyRing:
    """The ring with that key in front; the others keep their order."""
    if key_id not in ring.ids:
        raise InputProblem(f"{KEYS_VARIABLE} holds no key {key_id}, but: {' '.join(ring.ids)}")
    keys = [KeyRing.parse(text) for text in ring.to_text().split(",")]
    keys.sort(key=lambda key: key.ids[0] != key_id)
    return KeyRing.parse(",".join(key.to_text() for key in keys))
