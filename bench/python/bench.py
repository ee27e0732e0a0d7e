#!/usr/bin/env python3
"""How much faster Twinlock is than its peers: one process tree, taking turns. `--quick` shows that it runs.

Absolute times differ from machine to machine: what counts is the ratio of the medians. The first peer of a
row is the one that the target is about.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import flows
import primitives

Prepare = Callable[[], Callable[[], object]]

ROUNDS, ROUND_SECONDS = 15, 0.02
IMPORT = "import time; began = time.process_time(); import {}; print(time.process_time() - began)"
IMPORT_TARGET_SECONDS = 0.005


class Row(NamedTuple):
    """`target` is how many times faster than the first peer. `most` bounds the repetitions of a round."""

    name: str
    target: float
    twinlock: Prepare
    peers: dict[str, Prepare]
    most: int = 1_000_000


ROWS = [
    Row("TOTP verify, no match", 50, primitives.verify_twinlock, {"pyotp": primitives.verify_pyotp}),
    Row(
        "seal 20 bytes",
        8,
        primitives.seal_twinlock,
        {"Fernet": primitives.seal_fernet, "AESGCM": primitives.seal_aesgcm},
    ),
    Row(
        "open 20 bytes",
        8,
        primitives.open_twinlock,
        {"Fernet": primitives.open_fernet, "AESGCM": primitives.open_aesgcm},
    ),
    Row(
        "challenge: issue",
        6,
        primitives.issue_twinlock,
        {"Django signing": primitives.issue_django, "itsdangerous": primitives.issue_itsdangerous},
    ),
    Row(
        "challenge: check",
        6,
        primitives.check_twinlock,
        {"Django signing": primitives.check_django, "itsdangerous": primitives.check_itsdangerous},
    ),
    Row(
        "JWT pair, HS256",
        20,
        flows.pair_twinlock,
        {"simplejwt": flows.pair_simplejwt, "PyJWT": flows.pair_pyjwt},
        flows.PROOFS,
    ),
    Row(
        "JWT verify, HS256",
        20,
        flows.verify_twinlock,
        {"simplejwt": flows.verify_simplejwt, "PyJWT": flows.verify_pyjwt},
    ),
    Row("whole second step", 20, flows.step_twinlock, {"django-totp's way": flows.step_django}),
    Row("backup code, last of 10", 1.2, flows.backup_twinlock, {"django-totp's way": flows.backup_django}),
    Row(
        "QR code as SVG",
        12,
        primitives.draw_twinlock,
        {"qrcode": primitives.draw_qrcode, "segno": primitives.draw_segno},
    ),
]


def main() -> int:
    """Prints the table. The exit code tells whether it could be made, not who won."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short round each")
    rounds, seconds = (1, 0.0) if parser.parse_args().quick else (ROUNDS, ROUND_SECONDS)
    print(f"{'work':24} {'Twinlock':>10}  {'peer':18} {'time':>10} {'ratio':>7} {'target':>7}")
    for row in ROWS:
        contest(row, rounds, seconds)
    imports(rounds)
    return 0


def contest(row: Row, rounds: int, seconds: float) -> None:
    """Lets the contestants of a row take turns and prints their medians."""
    contestants = {"Twinlock": row.twinlock}
    for name, prepare in row.peers.items():
        try:
            prepare()
        except ModuleNotFoundError as error:
            print(f"{row.name:24} {'':10}  {name:18} left out: {error.name} is not installed")
        else:
            contestants[name] = prepare
    times = take_turns(contestants, rounds, seconds, row.most)
    first = next(iter(row.peers))
    ours = times.pop("Twinlock")
    for name, theirs in times.items():
        show(row.name, ours, name, theirs, row.target if name == first else None)


def take_turns(contestants: dict[str, Prepare], rounds: int, seconds: float, most: int) -> dict[str, float]:
    """The median of each contestant's seconds for one piece of work."""
    counts = {name: repetitions(prepare(), seconds, most) for name, prepare in contestants.items()}
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, prepare in contestants.items():
            found[name].append(timed(prepare(), counts[name]) / counts[name])
    return {name: statistics.median(values) for name, values in found.items()}


def repetitions(work: Callable[[], object], seconds: float, most: int) -> int:
    """How often the work fits into a round."""
    work()
    return max(1, min(most - 1, int(seconds / timed(work, 5)) * 5))


def timed(work: Callable[[], object], count: int) -> float:
    """Seconds of the processor for so many pieces of work: what else the machine does is not counted."""
    repeated = range(count)
    began = time.thread_time()
    for _ in repeated:
        work()
    return time.thread_time() - began


def imports(rounds: int) -> None:
    """Compares imports, each in a process of its own."""
    names = {"twinlock": "twinlock", "pyotp": "pyotp", "PyJWT": "jwt"}
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(min(rounds, 9)):
        for name, module in names.items():
            command = [sys.executable, "-c", IMPORT.format(module)]
            found[name].append(float(subprocess.run(command, capture_output=True, check=True).stdout))
    ours, *peers = ((name, statistics.median(values)) for name, values in found.items())
    for name, median in peers:
        show("import", ours[1], name, median, None)
    print(f"import: at most {shown(IMPORT_TARGET_SECONDS).strip()} is the target")


def show(work: str, ours: float, peer: str, theirs: float, target: float | None) -> None:
    """One line of the table."""
    line = f"{work:24} {shown(ours)}  {peer:18} {shown(theirs)} {theirs / ours:6.1f}x"
    if target is not None:
        line += f" {target:6.1f}x {'met' if theirs / ours >= target else 'MISSED'}"
    print(line, flush=True)


def shown(seconds: float) -> str:
    """A time with a unit that suits it."""
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{seconds * factor:7.2f} {unit:2}"
    return f"{seconds * 1e6:7.2f} us"


if __name__ == "__main__":
    sys.exit(main())
