"""The command line: ``python -m twinlock keygen | keys | reseal | code | verify | qr | inspect``.

Exit codes: 0 done, 1 the code is wrong (``verify``) or a key is still needed (``keys``, ``reseal``), 2 it
could not be done. No command takes a secret,
a key or a URI as an argument: other users of the machine can read those.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from twinlock import __version__
from twinlock.cli import codes, inspect, keys, pictures, rotation
from twinlock.cli.inputs import InputProblem
from twinlock.errors import TwinlockError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (TwinlockError, InputProblem) as problem:
        print(f"twinlock {options.command}: {problem}", file=sys.stderr)
        return 2
    except UnicodeEncodeError:
        print(f"twinlock {options.command}: the output is not UTF-8; set PYTHONUTF8=1", file=sys.stderr)
        return 2
    except OSError as problem:
        where = f": {problem.filename}" if problem.filename else ""
        print(f"twinlock {options.command}: {problem.strerror or problem}{where}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twinlock",
        description="Keys, records, codes and QR codes of the Twinlock second-factor engine.",
        epilog="Secrets, keys and URIs are read from the terminal, from standard input, from a file or from "
        "the environment, never from the command line.",
    )
    parser.add_argument("--version", action="version", version=f"twinlock {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for module in (keys, rotation, codes, pictures, inspect):
        module.add_commands(commands)
    return parser
