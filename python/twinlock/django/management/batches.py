"""What commands over all records have in common: the records, batches, and keys that are to go."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable

from django.core.management.base import CommandError

from twinlock import KeyRing
from twinlock.cli.resealing import Records
from twinlock.errors import StoreFault

from .. import services
from ..conf import settings
from ..listed import ListedDjangoStore

RUN_AGAIN = "the database cannot be reached or refuses; run it again."


def all_records(batch: int, complain: Callable[[str], None]) -> Records:
    """The site's records, with its keys and its engine."""
    store = ListedDjangoStore(services.engine)
    ring = KeyRing.parse(settings.KEYS)
    return Records(ring, services.engine(), store, batch, complain, "TWINLOCK['KEYS']")


def add_batch(parser: ArgumentParser, doing: str) -> None:
    """How many rows at once."""
    parser.add_argument(
        "--batch", type=positive, default=1000, metavar="ROWS", help=f"{doing} (default: 1000)"
    )


def add_drop(parser: ArgumentParser, default: str) -> None:
    """Which keys are to go."""
    parser.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="KEY_ID",
        help=f"a key that is to go; may be repeated ({default})",
    )


def unavailable(fault: StoreFault) -> CommandError:
    """What is said of a database that fails, without what it says: that may repeat a password."""
    return CommandError(f"{fault.code}: {RUN_AGAIN}", returncode=2)


def positive(text: str) -> int:
    """A number of rows."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise ArgumentTypeError("must be a whole number from 1 to 100000")
    return int(text)
