"""Where records are: a store by the URL or the path that an operator gives."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from twinlock import Engine, KeyRing, Policy, StoreFault, stores
from twinlock.cli.inputs import KEYS_VARIABLE, InputProblem

if TYPE_CHECKING:
    from twinlock.stores import ListedStore

STORE_VARIABLE = "TWINLOCK_STORE"


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which store, and how records are sealed."""
    parser.add_argument(
        "store",
        nargs="?",
        help="the path of an SQLite file, or a URL: sqlite:, postgresql:, redis:, rediss:, unix: "
        f"(default: what {STORE_VARIABLE} holds, which is the place for a URL with a password)",
    )
    parser.add_argument("--table", default="twinlock_record", help="in PostgreSQL (default: twinlock_record)")
    parser.add_argument("--schema", help="in PostgreSQL (default: the first of the search path)")
    parser.add_argument("--prefix", default="twinlock:", help="of keys in Redis (default: twinlock:)")
    words = next(row["words"] for row in Policy.CHOICES if row["name"] == "cipher")
    parser.add_argument("--cipher", choices=words, help=f"the policy's (default: {words[0]})")
    parser.add_argument(
        "--batch",
        type=_at_least_one,
        default=1000,
        metavar="N",
        help="subjects to list at once (default: 1000)",
    )


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def ring_of_keys() -> KeyRing:
    """Read the keys of the environment."""
    keys = os.environ.get(KEYS_VARIABLE)
    if not keys:
        raise InputProblem(f"{KEYS_VARIABLE} holds no keys to open records with")
    return KeyRing.parse(keys)


def engine_to_look(ring: KeyRing, cipher: str | None = None) -> Engine:
    """Make an engine that opens and seals records, and issues nothing."""
    return Engine(ring, Policy("operator") if cipher is None else Policy("operator", cipher=cipher))


def open_store(options: argparse.Namespace) -> ListedStore:
    """Open the store that is asked for. It must be there: a path that is mistyped makes no file."""
    place = options.store or os.environ.get(STORE_VARIABLE)
    if not place:
        raise InputProblem(f"give the store, or set {STORE_VARIABLE}")
    try:
        url = urlsplit(place)
        has_password = url.password is not None
    except ValueError:
        raise InputProblem("the store's URL cannot be read") from None
    if options.store and has_password:
        raise InputProblem(
            f"a password on the command line can be read by others: put the URL into {STORE_VARIABLE}"
        )
    try:
        return _open(place, url, options)
    except ImportError as missing:
        raise InputProblem(str(missing)) from None


def _open(place: str, url: SplitResult, options: argparse.Namespace) -> ListedStore:
    if url.scheme in ("postgres", "postgresql"):
        return stores.PostgresStore(place, table=options.table, schema=options.schema)
    if url.scheme in ("redis", "rediss", "unix"):
        return stores.RedisStore(place, prefix=options.prefix)
    if url.scheme == "sqlite" and not url.netloc:
        # Three slashes before a relative path, four before an absolute one, as elsewhere.
        place = url.path.removeprefix("/") if "://" in place else url.path
    elif "://" in place:
        raise InputProblem("the store's URL must begin with sqlite:, postgresql:, redis:, rediss: or unix:")
    if not os.path.isfile(place):
        raise FileNotFoundError(2, "No such file", place)
    return stores.SqliteStore(place)


def say_why(fault: StoreFault) -> str:
    """What went wrong in a store, without the password that it may repeat."""
    reason = str(fault.__cause__ or "").partition("\n")[0]
    try:
        password = urlsplit(os.environ.get(STORE_VARIABLE, "")).password
    except ValueError:
        password = None
    if password:
        reason = reason.replace(password, "***")
    return f"{fault} {reason}" if reason else str(fault)
