"""``code`` and ``verify``: what an authenticator app would show, and whether a code is right."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from twinlock import hotp, steam, totp
from twinlock.cli.inputs import add_authenticator, add_command, authenticator

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands


def add_commands(commands: Commands) -> None:
    """Add ``code`` and ``verify``."""
    code_parser = add_command(
        commands,
        "code",
        "print the current code of a secret",
        "  python -m twinlock code                       # asks for the secret without showing it\n"
        "  python -m twinlock code --secret-file seed    # base32 or an otpauth:// URI\n"
        "  python -m twinlock code --counter 7 < seed    # a counter code",
    )
    add_authenticator(code_parser)
    _add_time(code_parser)
    code_parser.set_defaults(run=code)
    verify_parser = add_command(
        commands,
        "verify",
        "check a code against a secret",
        "  python -m twinlock verify 123456 --secret-file seed && echo right\n"
        "  python -m twinlock verify 123456 --counter 7 --look-ahead 20 < seed\n\n"
        "The exit code is 0 for a right code and 1 for a wrong one. Nothing is remembered: a login must\n"
        "also refuse a code that was used before.",
    )
    verify_parser.add_argument("code", help="what the authenticator shows")
    add_authenticator(verify_parser)
    _add_time(verify_parser)
    verify_parser.add_argument(
        "--window", type=int, default=1, help="steps before and after, 0 to 2 (default: 1)"
    )
    verify_parser.add_argument(
        "--look-ahead", type=int, default=10, help="counters after --counter, 0 to 100 (default: 10)"
    )
    verify_parser.set_defaults(run=verify)


def _add_time(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", type=int, metavar="SECONDS", help="Unix time (default: now)")


def code(options: argparse.Namespace) -> int:
    """Print the code, and how long it holds."""
    device = authenticator(options)
    if device.counter is not None:
        print(hotp.generate(device.secret, device.counter, algorithm=device.algorithm, digits=device.digits))
        return 0
    now = _now(options)
    if device.kind == "steam":
        shown = steam.generate(device.secret, now=now)
    else:
        shown = totp.generate(
            device.secret, algorithm=device.algorithm, digits=device.digits, period=device.period, now=now
        )
    print(f"{shown}  {device.period - now % device.period} s left")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Say whether the code is right, and for which step or counter."""
    device = authenticator(options)
    if device.counter is not None:
        found = hotp.verify(
            device.secret,
            options.code,
            device.counter,
            look_ahead=options.look_ahead,
            algorithm=device.algorithm,
            digits=device.digits,
        )
        return _say(found, "counter")
    if device.kind == "steam":
        found = steam.verify(device.secret, options.code, window=options.window, now=_now(options))
        return _say(found, "step")
    found = totp.verify(
        device.secret,
        options.code,
        window=options.window,
        algorithm=device.algorithm,
        digits=device.digits,
        period=device.period,
        now=_now(options),
    )
    return _say(found, "step")


def _now(options: argparse.Namespace) -> int:
    return int(time.time()) if options.at is None else int(options.at)


def _say(found: int | None, what: str) -> int:
    print("wrong" if found is None else f"right, {what} {found}")
    return 1 if found is None else 0
