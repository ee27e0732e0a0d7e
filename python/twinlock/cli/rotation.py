"""``keys`` and ``reseal``: which keys a store's records need, and sealing them anew under the first."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from twinlock import StoreFault
from twinlock.cli.inputs import KEYS_VARIABLE, InputProblem, add_command
from twinlock.cli.places import add_store, engine_to_look, open_store, ring_of_keys, say_why
from twinlock.cli.resealing import Records, Resealing, Usage

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands


def add_commands(commands: Commands) -> None:
    """Add ``keys`` and ``reseal``."""
    keys_parser = add_command(
        commands,
        "keys",
        "count the records that each key is still needed for",
        f"  export {KEYS_VARIABLE}=…   # the ring, the new key first\n"
        "  python -m twinlock keys second_factor.db\n"
        "  python -m twinlock keys postgresql://twinlock@db/site --drop 0c96b7654975785b && echo drop it\n\n"
        "The exit code is 1 when a key of --drop is still needed, or a record cannot be opened. Tokens are\n"
        "not counted: keep an old key for as long as the longest of them lives.",
    )
    add_store(keys_parser)
    _add_drop(keys_parser, "default: none")
    keys_parser.set_defaults(run=keys)
    reseal_parser = add_command(
        commands,
        "reseal",
        "seal the records of a store anew under the first key",
        "  python -m twinlock reseal second_factor.db --dry-run\n"
        "  TWINLOCK_STORE=redis://:…@cache python -m twinlock reseal\n"
        "  python -m twinlock reseal second_factor.db --cipher aes-256-gcm-migrating\n\n"
        "It may run while the site runs, and any number of times: what is done is left alone. The exit code\n"
        "is 1 when a key of --drop is still needed at the end, or a record could not be opened.",
    )
    add_store(reseal_parser)
    _add_drop(reseal_parser, "default: all but the first")
    reseal_parser.add_argument("--dry-run", action="store_true", help="store nothing, only count")
    reseal_parser.add_argument(
        "--after", default="", metavar="PLACE", help="go on where an earlier run says that it stopped"
    )
    reseal_parser.set_defaults(run=reseal)


def _add_drop(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="KEY_ID",
        help=f"a key that is to go; may be repeated ({default})",
    )


def keys(options: argparse.Namespace) -> int:
    """Print a line for each key."""
    try:
        usage = _records(options).count()
    except StoreFault as fault:
        raise InputProblem(say_why(fault)) from None
    return _report(usage, options.drop)


def reseal(options: argparse.Namespace) -> int:
    """Seal anew, say how many, and count what the keys still hold."""
    records = _records(options)
    run = Resealing(records, options.cipher, options.after)
    try:
        (run.dry_run if options.dry_run else run.run)()
        usage = records.count()
    except StoreFault as fault:
        raise InputProblem(run.summary(stopped=say_why(fault))) from None
    except KeyboardInterrupt:
        print(run.summary(stopped="interrupted"), file=sys.stderr)
        raise
    print(run.summary())
    return _report(usage, options.drop or usage.old_keys())


def _records(options: argparse.Namespace) -> Records:
    ring, store = ring_of_keys(), open_store(options)
    engine = engine_to_look(ring, options.cipher)
    return Records(ring, engine, store, options.batch, _complain, KEYS_VARIABLE)


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _report(usage: Usage, drop: list[str]) -> int:
    """Print what each key is still needed for, and return the exit code."""
    problems = usage.problems(drop)
    for line in usage.lines():
        print(line)
    for problem in problems:
        _complain(problem)
    return 1 if problems else 0
