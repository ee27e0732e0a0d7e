"""What every call needs: the engine, and a way to run its decision against the store."""

from __future__ import annotations

from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from twinlock._twinlock import Engine, Pending
    from twinlock._typing import Text

    T = TypeVar("T")


def several(values: Iterable[Text]) -> Iterable[Text]:
    """What can be gone through once for each attempt. A single text stays one, for the engine to refuse."""
    return values if isinstance(values, (str, bytes, bytearray, memoryview)) else list(values)


class Calls(ABC):
    """The calls say what is decided; a subclass says how the decision is run."""

    __slots__ = ()

    if TYPE_CHECKING:
        engine: Engine

    def settle(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        """Run a decision of the engine's in the loop that all calls here go through.

        For a store that saves more than the record, such as the session that ``Engine.with_session`` begins.
        ``decide`` is given the subject and the newest record, once for each attempt; it may hash codes.
        """
        return self._settle_slowly(subject, decide)

    @abstractmethod
    def _settle(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        """Run a decision that takes microseconds."""

    @abstractmethod
    def _settle_slowly(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        """Run a decision that takes milliseconds, because it hashes backup codes."""

    @abstractmethod
    def _look(self, subject: str, see: Callable[[str, bytes | None], T]) -> T:
        """Run what only reads."""

    def _settle_answer(
        self, quick: Iterable[Text | None], subject: str, decide: Callable[[str, bytes | None], Pending[T]]
    ) -> T:
        """Run a decision on an answer, which takes long unless it is one of the ``quick`` kinds."""
        settle = self._settle_slowly if all(answer is None for answer in quick) else self._settle
        return settle(subject, decide)

    @abstractmethod
    def _replace(self, subject: str, change: Callable[[str, bytes], bytes | None]) -> bool:
        """Put what ``change`` makes of the record in its place; say whether there was something to put."""
