#!/usr/bin/env python3
"""Second steps per second over HTTP: the Go server and our DRF endpoints beside django-totp.

All on one machine, one kind of database, and the same client.

A second step is POST jwt/totp/verify/ with a fresh challenge and a right code, of another user each time.
Users and challenges are made before the clock runs. They are measured in turn, several times; medians are
compared. What Twinlock writes so that a code is used up is on the disk before the answer; django-totp writes
nothing here.

How many times django-totp's rate there can be depends on the machine: on how long its disk takes for a flush,
which we wait for and django-totp does not. So the floor is measured, too: REST framework with the statements
of a second step and nothing else. An aim is met where the ratio is reached, or its share of the floor: both
come from a machine on which the floor was 3.1 (SQLite) and 2.7 (PostgreSQL) times django-totp's rate.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from measured import Built, Drf, Floor, GoServer, Peer, Postgres, Server

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
    results = []
    with tempfile.TemporaryDirectory(prefix="twinlock-bench-") as folder:
        results.append(measure("SQLite", built, Path(folder), options, None))
        if Postgres.is_there():
            with Postgres() as postgres:
                results.append(measure("PostgreSQL", built, Path(folder), options, postgres))
        else:
            print("*** MISSING: initdb (Debian package postgresql): left out: PostgreSQL", file=sys.stderr)
    return 0 if all(results) else 1


def measure(
    name: str, built: Built, folder: Path, options: argparse.Namespace, postgres: Postgres | None
) -> bool:
    """Prints one database's medians; says whether the ratios are what they should be."""
    site = options.site_steps
    steps = {GoServer: options.steps, Drf: site, Floor: site, Peer: site}
    rounds: dict[type[Server], list[dict[str, float]]] = {kind: [] for kind in steps}
    for number in range(options.rounds):
        for kind, found in rounds.items():
            place = postgres.new_database() if postgres else str(folder / f"{kind.__name__}{number}.sqlite3")
            with kind(built, folder, place) as server:
                found.append(one(server, built, steps[kind], options.connections))
    speeds = {kind: statistics.median(r["per_second"] for r in found) for kind, found in rounds.items()}
    late = {kind: statistics.median(r["ms_99"] for r in found) for kind, found in rounds.items()}

    def shown(kind: type[Server], aim: float) -> float:
        ratio = speeds[kind] / speeds[Peer]
        print(
            f"{name}: {kind.name} {speeds[kind]:.0f} second steps/s (99 % within {late[kind]:.1f} ms), "
            f"django-totp {speeds[Peer]:.0f}: {ratio:.1f} times as many (aim {aim})",
            flush=True,
        )
        return ratio / aim

    share = speeds[Drf] / speeds[Floor]
    go, drf = shown(GoServer, GO_AIM), shown(Drf, DRF_AIM[name])
    most = speeds[Floor] / speeds[Peer]
    print(
        f"{name}: {Floor.name} {speeds[Floor]:.0f} steps/s, {most:.1f} times as many: "
        f"Twinlock reaches {share:.0%} of it (aim {FLOOR_AIM:.0%})",
        flush=True,
    )
    return go >= 1 and (drf >= 1 or share >= FLOOR_AIM)


def one(server: Server, built: Built, steps: int, connections: int) -> dict[str, float]:
    """One round on one server."""
    prepared = server.seed(steps)
    done = built.load("run", "--url", server.url, "--connections", str(connections), given=prepared)
    found: dict[str, float] = json.loads(done)
    print(f"  {server.name}: {found['per_second']:.0f}/s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
