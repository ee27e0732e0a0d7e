"""A store in the memory of one process, for tests and for trying things out."""

from __future__ import annotations

import os
import threading


class MemoryStore:
    """Keeps records in a dict. Safe between threads; useless between processes, and says so after a fork.

    A forked copy would accept a code that the parent has already spent, so it refuses to work instead.
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[bytes, int]] = {}
        self._lock = threading.Lock()
        self._pid = os.getpid()

    def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        self._same_process()
        with self._lock:
            return self._rows.get(subject)

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        self._same_process()
        with self._lock:
            row = self._rows.get(subject)
            if (row[1] if row else 0) != expected_version:
                return False
            self._rows[subject] = (bytes(record), expected_version + 1)
            return True

    def subjects(self, after: str = "", limit: int = 1000) -> tuple[list[str], str]:
        """Return the next subjects in their order, and where to go on (``""`` at the end)."""
        self._same_process()
        with self._lock:
            page = sorted(subject for subject in self._rows if subject > after)[:limit]
        return page, page[-1] if len(page) == limit else ""

    def _same_process(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError("a MemoryStore serves one process only; this one was made before a fork")


class AsyncMemoryStore:
    """A :class:`MemoryStore` for :class:`twinlock.AsyncSecondFactor`."""

    def __init__(self) -> None:
        self._store = MemoryStore()

    async def load(self, subject: str) -> tuple[bytes, int] | None:
        """Return the record and its version, or ``None``."""
        return self._store.load(subject)

    async def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """Write if the version is still the expected one (0: no row)."""
        return self._store.save(subject, record, expected_version)
