"""``qr``: draw an otpauth URI, or any other text, as a QR code."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from twinlock import otpauth, qr
from twinlock.cli.inputs import (
    InputProblem,
    add_authenticator,
    add_command,
    authenticator,
    read_bytes,
    text_of,
)

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands


def add_commands(commands: Commands) -> None:
    """Add ``qr``."""
    parser = add_command(
        commands,
        "qr",
        "draw a QR code in the terminal or into a file",
        "  python -m twinlock qr --issuer Acme --account alice@example.com --secret-file seed\n"
        "  python -m twinlock qr --issuer Acme --account alice@example.com --output code.svg < seed\n"
        "  python -m twinlock qr --text --output code.png < uri.txt\n\n"
        "Files are written with access for their owner only, since the picture holds the secret.",
    )
    add_authenticator(parser)
    parser.add_argument("--issuer", help="the service's name in the authenticator app")
    parser.add_argument("--account", help="the account's name in the authenticator app")
    parser.add_argument(
        "--text",
        nargs="?",
        const="-",
        metavar="FILE",
        help="draw the text in FILE (default: standard input) as it is instead of building a URI",
    )
    parser.add_argument("--output", metavar="FILE", help="write FILE, whose name ends in .svg or .png")
    parser.add_argument("--scale", type=int, default=8, help="pixels per module in a PNG (default: 8)")
    parser.set_defaults(run=draw)


def draw(options: argparse.Namespace) -> int:
    """Draw to the terminal or write a file."""
    text = _text(options)
    if options.output is None:
        sys.stdout.write(qr.terminal_colored(text) if sys.stdout.isatty() else qr.terminal(text))
    elif options.output.lower().endswith(".svg"):
        _write(options.output, qr.svg(text).encode())
    elif options.output.lower().endswith(".png"):
        _write(options.output, qr.png(text, options.scale))
    else:
        raise InputProblem("the output file's name must end in .svg or .png")
    return 0


def _text(options: argparse.Namespace) -> str:
    if options.text is not None:
        return text_of(read_bytes(options.text)).strip()
    if not options.issuer or not options.account:
        raise InputProblem("give --issuer and --account, or --text")
    device = authenticator(options)
    if device.kind == "steam":
        return otpauth.build(options.issuer, options.account, device.secret, kind="steam")
    return otpauth.build(
        options.issuer,
        options.account,
        device.secret,
        algorithm=device.algorithm,
        digits=device.digits,
        period=device.period,
        counter=device.counter,
    )


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        os.fchmod(descriptor, 0o600)
        file.write(data)
