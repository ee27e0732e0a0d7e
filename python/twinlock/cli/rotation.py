"""``keys`` and ``reseal``: which keys a store's records need, and sealing them anew under the first."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from twinlock import KeyFault, KeyRing, SecondFactor, StoreFault, TwinlockError, vault
from twinlock.cli.inputs import KEYS_VARIABLE, InputProblem, add_command
from twinlock.cli.places import (
    add_store,
    engine_to_look,
    load,
    open_store,
    pages,
    ring_of_keys,
    say_why,
    subjects,
)
from twinlock.cli.progress import Progress

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands
    from twinlock.stores import ListedStore

MOST_COMPLAINTS = 20
CIPHER_AT = 3  # the byte of an envelope that says how it is sealed


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
    ring, store = ring_of_keys(), open_store(options)
    try:
        usage, failed = _count(ring, store, options)
    except StoreFault as fault:
        raise InputProblem(say_why(fault)) from None
    return _report(ring, usage, options.drop, failed)


def reseal(options: argparse.Namespace) -> int:
    """Seal anew, say how many, and count what the keys still hold."""
    ring, store = ring_of_keys(), open_store(options)
    run = _Resealing(ring, store, options)
    try:
        run.all()
        usage, failed = _count(ring, store, options)
    except StoreFault as fault:
        raise InputProblem(run.summary(stopped=say_why(fault))) from None
    except KeyboardInterrupt:
        print(run.summary(stopped="interrupted"), file=sys.stderr)
        raise
    print(run.summary())
    return _report(ring, usage, options.drop or list(usage.counts)[1:], failed)


class _Resealing:
    """One run over a store."""

    def __init__(self, ring: KeyRing, store: ListedStore, options: argparse.Namespace) -> None:
        self._store = store
        self._auth = SecondFactor(engine_to_look(ring, options.cipher), store)
        self._dry = bool(options.dry_run)
        self._is_cipher_given = options.cipher is not None
        self._batch = int(options.batch)
        self._after = str(options.after)
        self._seen = self._anew = self._failed = 0

    def all(self) -> None:
        """Go through all subjects. Which could not be done is said at the end, by the count."""
        progress = Progress("sealing anew", lambda: sum(1 for _ in subjects(self._store, self._batch)))
        try:
            for page, place in pages(self._store, self._batch, self._after):
                for subject in page:
                    self._one(subject)
                    progress.step()
                self._after = place
        finally:
            progress.close()

    def summary(self, stopped: str | None = None) -> str:
        """Say what was done, and how to go on."""
        verb = "would be sealed anew" if self._dry else "sealed anew"
        rest = self._seen - self._anew - self._failed
        said = f"{self._seen} records: {self._anew} {verb}, {rest} left alone, {self._failed} failed"
        if stopped is None:
            return said
        place = f" with --after '{self._after}'" if self._after else ""
        return f"{stopped}\n{said}\nRun it again{place} to go on; what is done is left alone."

    def _one(self, subject: str) -> None:
        self._seen += 1
        try:
            self._anew += self._would_be(subject) if self._dry else self._auth._replace(subject, self._change)
        except StoreFault:
            raise
        except TwinlockError:
            self._failed += 1

    def _would_be(self, subject: str) -> bool:
        record = load(self._store, subject)
        return record is not None and self._change(subject, record) is not None

    def _change(self, subject: str, record: bytes) -> bytes | None:
        anew = self._auth.engine.reseal(subject, record)
        if anew is not None and not self._is_cipher_given and record[CIPHER_AT] != anew[CIPHER_AT]:
            # A site that allows only AES could open none of its records any more.
            raise InputProblem("a record is sealed with another cipher: say with --cipher which the site has")
        return anew


def _count(ring: KeyRing, store: ListedStore, options: argparse.Namespace) -> tuple[vault.KeyUsage, int]:
    """Count what each key is needed for, and complain about records that cannot be opened."""
    engine, usage, failed = engine_to_look(ring, options.cipher), vault.KeyUsage(ring), 0
    progress = Progress("counting", lambda: sum(1 for _ in subjects(store, options.batch)))
    try:
        for subject in subjects(store, options.batch):
            record = load(store, subject)
            try:
                if record is not None:
                    usage.add_record(engine, subject, record)
            except TwinlockError as problem:
                failed += 1
                _complain(failed, f"{subject}: {problem}")
                if record is not None and isinstance(problem, KeyFault):
                    usage.add(record)
            progress.step()
    finally:
        progress.close()
    return usage, failed


def _complain(number: int, text: str) -> None:
    if number <= MOST_COMPLAINTS:
        print(text, file=sys.stderr)
    elif number == MOST_COMPLAINTS + 1:
        print("…", file=sys.stderr)


def _report(ring: KeyRing, usage: vault.KeyUsage, drop: list[str], failed: int) -> int:
    """Print what each key is still needed for, and return the exit code."""
    counts = usage.counts
    unknown = [key_id for key_id in drop if key_id not in counts]
    if unknown:
        raise InputProblem(f"there is no key with the id {unknown[0]}")
    print("key id            records")
    for key_id, count in counts.items():
        print(f"{key_id}  {count:7}  {_verdict(ring, usage, key_id, failed)}")
    needed = [key_id for key_id in drop if not usage.is_droppable(key_id)]
    if needed:
        print(f"still needed: {' '.join(needed)}", file=sys.stderr)
    if failed:
        print(f"{failed} records cannot be opened", file=sys.stderr)
    return 1 if needed or failed else 0


def _verdict(ring: KeyRing, usage: vault.KeyUsage, key_id: str, failed: int) -> str:
    if key_id not in ring.ids:
        return f"missing in {KEYS_VARIABLE}"
    if key_id == ring.ids[0]:
        return "seals"
    if not usage.is_droppable(key_id):
        return "still needed"
    return "unknown, since some cannot be opened" if failed else "can go"
