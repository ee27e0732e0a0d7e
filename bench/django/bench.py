#!/usr/bin/env python3
"""A second step through Django REST framework: Twinlock beside the packages that do it today, in one run.

Each system runs in processes of its own with the same Django around it, and they take turns; what counts is
the ratio of the medians. Times are processor time. `--quick` shows that it runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SYSTEMS = {"Twinlock": "twinlock_drf", "django-totp": "django_totp_drf", "drf-jwt-2fa": "drf_jwt_2fa_drf"}
TARGET = 4.0


class Worker:
    """One system's process. It is told how many steps to take and answers with their time."""

    def __init__(self, module: str, folder: Path, users: int) -> None:
        self._env = os.environ | {
            "BENCH_SYSTEM": module,
            "BENCH_DATABASE": f"sqlite:{folder}/{module}.sqlite3",
        }
        self._file = folder / f"{module}.json"
        self._next = 0
        subprocess.run([*self._command, "prepare", str(users), self._file], env=self._env, check=True)
        self._process = subprocess.Popen(
            [*self._command, "run", self._file],
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    @property
    def _command(self) -> list[str]:
        return [sys.executable, str(HERE / "worker.py")]

    def steps(self, count: int) -> float:
        """Seconds per step over so many fresh users."""
        first, self._next = self._next, self._next + count
        return float(self._ask(f"go {first} {count}")) / count

    def queries(self) -> int:
        """The statements of one step, on a connection that served others before."""
        self._next += 1
        return int(self._ask(f"queries {self._next - 1}"))

    def stop(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def _ask(self, line: str) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the worker has no pipes")
        print(line, file=stdin, flush=True)
        answer = stdout.readline()
        if not answer:
            raise SystemExit("error: a second step failed; run worker.py by hand to see why")
        return answer


def main() -> int:
    """Measures all systems in turn and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few steps: shows that everything runs")
    rounds, count = (2, 5) if parser.parse_args().quick else (15, 40)
    with tempfile.TemporaryDirectory(prefix="twinlock-bench-") as folder:
        workers = {
            name: Worker(module, Path(folder), rounds * count + 11) for name, module in SYSTEMS.items()
        }
        try:
            _report(*_measure(workers, rounds, count))
        finally:
            for worker in workers.values():
                worker.stop()
    return 0


def _measure(workers: dict[str, Worker], rounds: int, count: int) -> tuple[dict[str, float], dict[str, int]]:
    times: dict[str, list[float]] = {name: [] for name in workers}
    for worker in workers.values():
        worker.steps(10)
    queries = {name: worker.queries() for name, worker in workers.items()}
    for _ in range(rounds):
        for name, worker in workers.items():
            times[name].append(worker.steps(count))
    return {name: statistics.median(found) for name, found in times.items()}, queries


def _report(medians: dict[str, float], queries: dict[str, int]) -> None:
    own = medians["Twinlock"]
    print("A second step through DRF, in process, SQLite (processor time, median)")
    for name, seconds in medians.items():
        ratio = "" if name == "Twinlock" else f"   {seconds / own:5.1f} x Twinlock's time"
        print(f"  {name:<12} {seconds * 1e3:7.3f} ms   {queries[name]} queries{ratio}")
    print(f"  target: {TARGET} x for django-totp, 2 queries")


if __name__ == "__main__":
    sys.exit(main())
