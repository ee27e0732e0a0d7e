"""What every call needs: the engine, and a way to run its decision against the store."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from twinlock._twinlock import Engine, Pending

    T = TypeVar("T")


class Calls:
    """The calls say what is decided; a subclass says how the decision is run."""

    __slots__ = ()

    if TYPE_CHECKING:
        engine: Engine

    def _settle(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        """Run a decision that takes microseconds."""
        raise NotImplementedError

    def _settle_slowly(self, subject: str, decide: Callable[[str, bytes | None], Pending[T]]) -> T:
        """Run a decision that takes milliseconds, because it hashes backup codes."""
        raise NotImplementedError

    def _look(self, subject: str, see: Callable[[str, bytes | None], T]) -> T:
        """Run what only reads."""
        raise NotImplementedError
