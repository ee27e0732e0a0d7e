"""The calls that exchange tokens for new ones."""

from __future__ import annotations

from twinlock._calls.base import Calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twinlock._twinlock import AccessToken, PendingRotation, RefreshFamily, SlidingToken
    from twinlock._typing import Text


class TokenCalls(Calls):
    """What lives on after sign-in for as long as the record's epoch does not move."""

    __slots__ = ()

    def refresh(self, token: Text, *, now: int | None = None) -> AccessToken:
        """Give a new access token for a refresh token whose epoch is still the record's."""
        return self._look(
            self.engine.refresh_subject(token, now=now),
            lambda _, record: self.engine.refresh(token, record, now=now),
        )

    def refresh_sliding(self, token: Text, *, now: int | None = None) -> SlidingToken:
        """Give a new sliding token for a living one whose epoch is still the record's."""
        return self._look(
            self.engine.verify(token, "sliding", now=now)["sub"],
            lambda _, record: self.engine.refresh_sliding(token, record, now=now),
        )

    def rotate(self, token: Text, family: RefreshFamily, *, now: int | None = None) -> PendingRotation:
        """Exchange a refresh token that rotates. Store ``.family`` conditionally, then ``.commit(stored)``.

        ``family`` is the state of the session that ``Engine.session_of`` names. A record that changes between
        this call and that write is seen by the next rotation.
        """
        return self._look(
            self.engine.session_of(token, now=now)[0],
            lambda _, record: self.engine.rotate(token, family, record, now=now),
        )
