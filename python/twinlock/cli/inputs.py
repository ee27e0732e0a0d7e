"""Where commands read secrets from: a file, the environment, standard input. Never the command line."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from twinlock import Secret, otpauth

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

SECRET_VARIABLE = "TWINLOCK_SECRET"  # noqa: S105, a variable's name
KEYS_VARIABLE = "TWINLOCK_KEYS"
LARGEST = 1 << 20


class InputProblem(Exception):
    """The input cannot be used; the message says why and repeats nothing of it."""


@dataclass(frozen=True, repr=False)
class Authenticator:
    """A secret with the kind and the parameters of its codes."""

    kind: Literal["totp", "hotp", "steam"]
    secret: Secret
    algorithm: str
    digits: int
    period: int
    counter: int | None


def add_command(commands: Commands, name: str, summary: str, examples: str) -> argparse.ArgumentParser:
    """Add a sub-command whose help ends with examples."""
    return commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog="examples:\n" + examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_authenticator(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which secret and which parameters."""
    parser.add_argument(
        "--secret-file",
        metavar="FILE",
        help=f"read the secret from FILE (- for standard input); else from {SECRET_VARIABLE}, else from the "
        "terminal or standard input. It is base32, or an otpauth:// URI, whose parameters then count",
    )
    parser.add_argument("--algorithm", default="SHA1", help="SHA1, SHA256 or SHA512 (default: SHA1)")
    parser.add_argument("--digits", type=int, default=6, help="6, 7 or 8 (default: 6)")
    parser.add_argument("--period", type=int, default=30, help="seconds per code, 15 to 120 (default: 30)")
    parser.add_argument("--counter", type=int, help="make it a counter code (HOTP) at this counter")
    parser.add_argument("--steam", action="store_true", help="make it a code of Steam Guard")
    parser.add_argument(
        "--legacy", action="store_true", help="accept a secret of 10 to 15 bytes, too short for RFC 4226"
    )


def authenticator(options: argparse.Namespace) -> Authenticator:
    """Read the secret, and the parameters where it is a URI."""
    text = _secret_text(options.secret_file)
    minimum: Literal["legacy", "rfc4226"] = "legacy" if options.legacy else "rfc4226"
    if not text.lower().startswith("otpauth:"):
        secret = Secret.from_base32(text, minimum)
        kind = _kind(options)
        return Authenticator(kind, secret, options.algorithm, options.digits, options.period, options.counter)
    uri = otpauth.parse(text, minimum=minimum)
    counter = uri.counter if options.counter is None else options.counter
    return Authenticator(uri.kind, uri.secret, uri.algorithm, uri.digits, uri.period or 30, counter)


def _kind(options: argparse.Namespace) -> Literal["totp", "hotp", "steam"]:
    if options.steam and options.counter is not None:
        raise InputProblem("--steam and --counter exclude each other")
    return "steam" if options.steam else "totp" if options.counter is None else "hotp"


def _secret_text(path: str | None) -> str:
    if path is None and SECRET_VARIABLE in os.environ:
        return os.environ[SECRET_VARIABLE].strip()
    if path is None and sys.stdin.isatty():
        return getpass.getpass("secret: ").strip()
    return text_of(read_bytes(path)).strip()


def read_bytes(path: str | None) -> bytes:
    """Read a file, or standard input where the path is ``-`` or absent."""
    if path is None or path == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputProblem("the input is larger than 1 MiB")
    return data


def text_of(data: bytes) -> str:
    """Decode UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InputProblem("the input is not UTF-8 text") from None
