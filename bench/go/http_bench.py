#!/usr/bin/env python3
"""Second steps per second over HTTP: the Go server beside django-totp, on one machine, database and client.

A second step is POST jwt/totp/verify/ with a fresh challenge and a right code, of another user each time.
Users and challenges are made before the clock runs. Both are measured in turn, several times; medians are
compared. What Twinlock writes so that a code is used up is on the disk before the answer; django-totp writes
nothing here.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from measured import Built, GoServer, Peer, Postgres

TARGET = 20


def main() -> int:
    """Measures on SQLite, and on PostgreSQL where it is installed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is measured")
    parser.add_argument("--steps", type=int, default=20_000, help="second steps of the Go server in a round")
    parser.add_argument("--peer-steps", type=int, default=3_000, help="those of django-totp")
    parser.add_argument("--connections", type=int, default=16, help="clients at once")
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
    """Prints one database's medians; says whether the ratio is what it should be."""
    ours, theirs = [], []
    for number in range(options.rounds):
        place = postgres.new_database() if postgres else str(folder / f"go{number}.sqlite3")
        with GoServer(built, folder, place) as server:
            ours.append(one(server, built, options.steps, options.connections))
        place = postgres.new_database() if postgres else str(folder / f"peer{number}.sqlite3")
        with Peer(built, folder, place) as peer:
            theirs.append(one(peer, built, options.peer_steps, options.connections))
    own, other = (statistics.median(r["per_second"] for r in found) for found in (ours, theirs))
    late = statistics.median(r["ms_99"] for r in ours)
    print(
        f"{name}: Go server {own:.0f} second steps/s (99 % within {late:.1f} ms), "
        f"django-totp {other:.0f}: {own / other:.1f} times as many (aim {TARGET})",
        flush=True,
    )
    return own / other >= TARGET


def one(server: GoServer | Peer, built: Built, steps: int, connections: int) -> dict[str, float]:
    """One round on one server."""
    prepared = server.seed(steps)
    done = built.load("run", "--url", server.url, "--connections", str(connections), given=prepared)
    found: dict[str, float] = json.loads(done)
    print(f"  {server.name}: {found['per_second']:.0f}/s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
