"""Going through the records of a store: what each key is needed for, and sealing anew under the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from twinlock import Engine, KeyFault, KeyRing, SecondFactor, StoreFault, TwinlockError, vault
from twinlock.cli.inputs import InputProblem
from twinlock.cli.progress import Progress

if TYPE_CHECKING:
    from twinlock.stores import ListedStore

T = TypeVar("T")

MOST_COMPLAINTS = 20
CIPHER_AT = 3  # the byte of an envelope that says how it is sealed


@dataclass(frozen=True)
class Records:
    """The records of a store, the keys and the engine that open them, and where to say what is wrong."""

    ring: KeyRing
    engine: Engine
    store: ListedStore
    batch: int
    complain: Callable[[str], None]
    keys_are_in: str

    def pages(self, after: str = "") -> Iterator[tuple[list[str], str]]:
        """Go through the subjects; with each page comes where the next begins, ``""`` at the end."""
        while True:
            page, after = _asked(partial(self.store.subjects, after, self.batch))
            yield page, after
            if not after:
                return

    def subjects(self) -> Iterator[str]:
        """Go through the subjects."""
        for page, _ in self.pages():
            yield from page

    def load(self, subject: str) -> bytes | None:
        """Read a record; ``None`` where it is gone meanwhile."""
        row = _asked(partial(self.store.load, subject))
        return None if row is None else row[0]

    def progress(self, what: str) -> Progress:
        """Draw a bar for going through all."""
        return Progress(what, lambda: sum(1 for _ in self.subjects()))

    def count(self) -> Usage:
        """Count what each key is needed for, and complain about records that cannot be opened."""
        usage, failed = vault.KeyUsage(self.ring), 0
        progress = self.progress("counting")
        try:
            for subject in self.subjects():
                record = self.load(subject)
                try:
                    if record is not None:
                        usage.add_record(self.engine, subject, record)
                except TwinlockError as problem:
                    failed += 1
                    self._complain(failed, f"{subject}: {problem}")
                    if record is not None and isinstance(problem, KeyFault):
                        usage.add(record)
                progress.step()
        finally:
            progress.close()
        return Usage(self.ring, usage, failed, self.keys_are_in)

    def _complain(self, number: int, text: str) -> None:
        if number <= MOST_COMPLAINTS:
            self.complain(text)
        elif number == MOST_COMPLAINTS + 1:
            self.complain("…")


@dataclass(frozen=True)
class Usage:
    """What each key is still needed for."""

    ring: KeyRing
    found: vault.KeyUsage
    failed: int
    keys_are_in: str

    def lines(self) -> Iterator[str]:
        """Say it, a line for each key."""
        yield "key id            records"
        for key_id, count in self.found.counts.items():
            yield f"{key_id}  {count:7}  {self.verdict(key_id)}"

    def verdict(self, key_id: str) -> str:
        """Say what may become of a key."""
        if key_id not in self.ring.ids:
            return f"missing in {self.keys_are_in}"
        if key_id == self.ring.ids[0]:
            return "seals"
        if not self.found.is_droppable(key_id):
            return "still needed"
        return "unknown, since some cannot be opened" if self.failed else "can go"

    def old_keys(self) -> list[str]:
        """Name all keys but the first."""
        return list(self.found.counts)[1:]

    def problems(self, drop: list[str]) -> list[str]:
        """Say why the keys of `drop` must stay; nothing where they can go."""
        unknown = [key_id for key_id in drop if key_id not in self.found.counts]
        if unknown:
            raise InputProblem(f"there is no key with the id {unknown[0]}")
        needed = [key_id for key_id in drop if not self.found.is_droppable(key_id)]
        found = [f"still needed: {' '.join(needed)}"] if needed else []
        return [*found, f"{self.failed} records cannot be opened"] if self.failed else found


class Resealing:
    """One run over a store, from ``after`` on. Without ``cipher`` it refuses to change a record's cipher."""

    def __init__(self, records: Records, cipher: str | None, after: str = "") -> None:
        self._records = records
        self._auth = SecondFactor(records.engine, records.store)
        self._is_cipher_given = cipher is not None
        self._after = after
        self._verb = "sealed anew"
        self._seen = self._failed = 0
        self.anew = 0

    def run(self) -> None:
        """Seal anew. Which records could not be done is said at the end, by the count."""
        self._through("sealing anew", lambda subject: self._auth._replace(subject, self._change))

    def dry_run(self) -> None:
        """Store nothing, only count what would be sealed anew."""
        self._verb = "would be sealed anew"
        self._through("looking", self._would_be)

    def summary(self, stopped: str | None = None) -> str:
        """Say what was done, and how to go on."""
        rest = self._seen - self.anew - self._failed
        said = f"{self._seen} records: {self.anew} {self._verb}, {rest} left alone, {self._failed} failed"
        if stopped is None:
            return said
        place = f" with --after '{self._after}'" if self._after else ""
        return f"{stopped}\n{said}\nRun it again{place} to go on; what is done is left alone."

    def _through(self, what: str, act: Callable[[str], bool]) -> None:
        progress = self._records.progress(what)
        try:
            for page, place in self._records.pages(self._after):
                for subject in page:
                    self._one(subject, act)
                    progress.step()
                self._after = place
        finally:
            progress.close()

    def _one(self, subject: str, act: Callable[[str], bool]) -> None:
        self._seen += 1
        try:
            self.anew += act(subject)
        except StoreFault:
            raise
        except TwinlockError:
            self._failed += 1

    def _would_be(self, subject: str) -> bool:
        record = self._records.load(subject)
        return record is not None and self._change(subject, record) is not None

    def _change(self, subject: str, record: bytes) -> bytes | None:
        anew = self._auth.engine.reseal(subject, record)
        if anew is not None and not self._is_cipher_given and record[CIPHER_AT] != anew[CIPHER_AT]:
            # A site that allows only AES could open none of its records any more.
            raise InputProblem("a record is sealed with another cipher: say with --cipher which the site has")
        return anew


def _asked(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except TwinlockError:
        raise
    except Exception as error:
        raise StoreFault from error
