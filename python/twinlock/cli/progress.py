"""A bar that shows how far a long command is. Only on a terminal, and only on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

WIDTH = 30
SECONDS_BETWEEN = 0.1


class Progress:
    """Counts steps. ``total`` is asked for only where a bar is drawn."""

    def __init__(self, what: str, total: Callable[[], int]) -> None:
        self._what = what
        self._shown = sys.stderr.isatty()
        self._total = total() if self._shown else 0
        self._done = 0
        self._next = 0.0

    def step(self, count: int = 1) -> None:
        """One more is done, or several."""
        self._done += count
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + SECONDS_BETWEEN
            self._draw()

    def close(self) -> None:
        """Draw the end and leave the line."""
        if self._shown:
            self._draw()
            print(file=sys.stderr)

    def _draw(self) -> None:
        # More may come to be while the command runs, and a subject may be listed twice.
        share = min(1.0, self._done / self._total) if self._total else 1.0
        bar = ("#" * int(share * WIDTH)).ljust(WIDTH, "-")
        print(f"\r{self._what} [{bar}] {share:4.0%}  {self._done}", end="", file=sys.stderr, flush=True)
