"""How a caller stays signed in whose own answer moved the epoch, with which every token dies.

The core's calls that take an answer and move the epoch return no proof. So the way that the answer took is
gone a second time, from the record on which it was judged: there the epoch is moved, and the same answer,
which the stored record has spent, answers a challenge of the new epoch. Nothing of that is stored; the proof
is taken only once the conditional write has won, so one answer gives one change and one session.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twinlock import SecondFactor
from twinlock.errors import Refused

from ..store import DjangoStore, Found
from .build import engine

if TYPE_CHECKING:
    from twinlock import Proof


class Staying(NamedTuple):
    """The sign-in that goes on: the methods of its first factor, and its time in Unix seconds."""

    methods: Sequence[str]
    auth_time: int


class Judged:
    """A store that keeps what a call decided on, and what it stored."""

    def __init__(self) -> None:
        self._store = DjangoStore(engine)
        self.before: bytes | None = None
        self.after: bytes | None = None

    def load(self, subject: str) -> Found:
        """As the store itself."""
        found = self._store.load(subject)
        self.before = None if found is None else found[0]
        return found

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """As the store itself."""
        self.after = record
        return self._store.save(subject, record, expected_version)

    def second_factor(self) -> SecondFactor:
        """The engine with this store around it, for one call."""
        return SecondFactor(engine(), self)

    def proof(self, subject: str, answer: dict[str, Any], staying: Staying) -> Proof | None:
        """The proof that the answer is worth in the epoch that it moved to; None where it was no code.

        For after the call, which has returned only because its last save won.
        """
        if self.after is None or not answer or "step_up" in answer:
            return None
        # The epoch has its moment in it, which is when the answer was judged.
        epoch = engine().status(subject, self.after).epoch
        moved = engine().bump_epoch(subject, self.before, now=epoch).record
        at = min(staying.auth_time, epoch)
        begun = engine().begin_sign_in(subject, moved, methods=staying.methods, at=at, now=epoch).commit(True)
        if begun.challenge is None:
            return None
        pending = engine().finish_sign_in(moved, begun.challenge, **answer, now=epoch)
        try:
            proof = pending.commit(True)
        except Refused:
            return None
        return proof if proof.epoch == epoch else None
