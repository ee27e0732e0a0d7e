#!/usr/bin/env python3
"""Second steps per second over HTTP: the Go server and our DRF endpoints beside django-totp and drf-jwt-2fa.

All on one machine, one kind of database, and the same client.

A second step posts a fresh challenge and a right code, of another user each time. Users and challenges are
made before the clock runs, and every server has taken its first thousand steps. They are measured in turn,
several times; medians are compared. What Twinlock writes so that a code is used up is on the disk before the
answer; the other two write nothing here.

How many times their rate there can be depends on the machine: on how long its disk takes for a flush, which
we wait for and they do not. So the floor is measured, too: the statements of a second step and nothing else,
in Go and through REST framework. The aims for DRF come from a machine on which the latter was 3.1 (SQLite) or
2.7 (PostgreSQL) times django-totp's rate, and the share of the floor from the two.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from built import Built
from measured import Drf, Floor, GoFloor, GoServer, OtherPeer, Peer, Postgres, Server

GO_AIM = 20
DRF_AIM = {"SQLite": 2.5, "PostgreSQL": 2.2}
FLOOR_AIM = 0.8


def main() -> int:
    """Measures on SQLite, and on PostgreSQL where it is installed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is measured")
    parser.add_argument("--steps", type=int, default=20_000, help="second steps of the Go server in a round")
    parser.add_argument("--site-steps", type=int, default=3_000, help="those of each Django site")
    parser.add_argument("--connections", type=int, default=64, help="clients at once")
    options = parser.parse_args()
    built = Built()
    with tempfile.TemporaryDirectory(prefix="twinlock-bench-") as folder:
        report("SQLite", measure(built, Path(folder), options, None))
        if Postgres.is_there():
            with Postgres() as postgres:
                report("PostgreSQL", measure(built, Path(folder), options, postgres))
        else:
            print("*** MISSING: initdb (Debian package postgresql): left out: PostgreSQL", file=sys.stderr)
    return 0


def measure(
    built: Built, folder: Path, options: argparse.Namespace, postgres: Postgres | None
) -> dict[type[Server], list[dict[str, float]]]:
    """What the client found, for each server and round."""
    steps = dict.fromkeys((GoServer, GoFloor), options.steps)
    steps |= dict.fromkeys((Drf, Floor, OtherPeer, Peer), options.site_steps)
    rounds: dict[type[Server], list[dict[str, float]]] = {kind: [] for kind in steps}
    for number in range(options.rounds):
        for kind, found in rounds.items():
            place = postgres.new_database() if postgres else str(folder / f"{kind.__name__}{number}.sqlite3")
            with kind(built, folder, place) as server:
                found.append(one(server, steps[kind], options.connections))
    return rounds


def report(database: str, rounds: dict[type[Server], list[dict[str, float]]]) -> None:
    """Prints one database's medians, the ratios and what they should be."""
    speeds = {kind: statistics.median(r["per_second"] for r in found) for kind, found in rounds.items()}
    late = {kind: statistics.median(r["ms_99"] for r in found) for kind, found in rounds.items()}

    def times(kind: type[Server], peer: type[Server]) -> str:
        return f"{speeds[kind] / speeds[peer]:.1f} times {peer.name}'s {speeds[peer]:.0f}"

    for kind, aim, floor in ((GoServer, GO_AIM, GoFloor), (Drf, DRF_AIM[database], Floor)):
        said = met(speeds[kind] / speeds[Peer], aim)
        print(
            f"{database}: {kind.name} {speeds[kind]:.0f} second steps/s (99 % within {late[kind]:.1f} ms), "
            f"{times(kind, Peer)} (aim {aim}: {said}), {times(kind, OtherPeer)}"
        )
        share = speeds[kind] / speeds[floor]
        aimed = f" (aim {FLOOR_AIM:.0%}: {met(share, FLOOR_AIM)})" if kind is Drf else ""
        print(
            f"{database}: {floor.name} {speeds[floor]:.0f} steps/s, {times(floor, Peer)}: "
            f"Twinlock reaches {share:.0%} of it{aimed}",
            flush=True,
        )


def met(found: float, aim: float) -> str:
    """In a word."""
    return "met" if found >= aim else "MISSED"


def one(server: Server, steps: int, connections: int) -> dict[str, float]:
    """One round on one server."""
    found = server.take(steps, connections)
    print(f"  {server.name}: {found['per_second']:.0f}/s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
