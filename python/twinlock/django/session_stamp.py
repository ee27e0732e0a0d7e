"""What a session remembers of its sign-in: how and when the user was recognized, and what that hangs on.

Every login is remembered, one that brought no proof as one that has shown nothing. Whoever calls
`django.contrib.auth.login` with a proof of `services` calls `put` after it. What is remembered counts for one
user, one password and one epoch of the second factor, so that a session from before an enrollment, a reset or
a new password has shown nothing. There is no secret in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from twinlock.errors import Fault

from . import services, users
from .faults import store_faults
from .store import rows

if TYPE_CHECKING:
    from twinlock import Proof

KEY = "twinlock_second_factor"
_CACHE = "_twinlock_epoch"


class Stamp(NamedTuple):
    """One sign-in. `steps` has, by purpose, the time (Unix seconds) of the last step-up.

    `amr` is empty where nobody knows what was shown.
    """

    subject: str
    credential: str
    epoch: int
    auth_time: int
    amr: tuple[str, ...]
    steps: dict[str, int]

    def shown_at(self, purpose: str) -> int | None:
        """When a second factor was last shown for this purpose, or for signing in."""
        times = [self.steps.get(purpose), self.auth_time if "mfa" in self.amr else None]
        return max((time for time in times if time is not None), default=None)


def begin(request: Any, user: Any) -> None:
    """Remembers a login that brought no proof; called for each login, before `put`.

    A login goes on where the epoch cannot be read: its session remembers nothing then.
    """
    drop(request)
    try:
        epoch = _epoch_of(request, users.subject_of(user)) or 0
    except Fault:
        return
    bound = (users.subject_of(user), users.credential(user), epoch)
    _write(request, Stamp(*bound, int(timezone.now().timestamp()), (), {}))


def put(request: Any, user: Any, proof: Proof) -> None:
    """Remembers a proof in the session of its user, under another session key than before.

    The proof must be about this user; the caller has just got both from the services.
    """
    bound = (users.subject_of(user), users.credential(user), proof.epoch)
    request.session.cycle_key()
    _write(request, Stamp(*bound, proof.auth_time, tuple(proof.amr), {}))


def step(request: Any, purpose: str) -> None:
    """Remembers that the user of this request has just stepped up for a purpose, where the session counts."""
    found = valid(request)
    if found is not None:
        steps = {**found.steps, purpose: int(timezone.now().timestamp())}
        request.session.cycle_key()
        _write(request, found._replace(steps=steps))


@contextmanager
def kept(request: Any) -> Iterator[None]:
    """Lets this session outlive a change that its user makes from it, and that moves the epoch.

    All other sessions of the user die by the change. After an exception this one is left as it was.
    """
    found, was_on = valid(request), services.status(request.user).enabled
    yield
    try:
        status = services.status(request.user)
    except Fault:  # the change is stored and has to be shown; this session dies by it like the others
        return
    if found is None or (was_on and not status.enabled):
        begin(request, request.user)
    else:
        _write(request, found._replace(epoch=status.epoch))


def drop(request: Any) -> None:
    """Forgets: a login that brings no proof begins with nothing shown."""
    request.session.pop(KEY, None)
    vars(request).pop(_CACHE, None)


def valid(request: Any) -> Stamp | None:
    """What the session remembers, if it still counts for `request.user`; at most one query for a request.

    Fault: StoreFault.
    """
    found, user = _read(request), request.user
    if found is None or found.subject != users.subject_of(user):
        return None
    if not users.has_credential(user, found.credential):
        return None
    return found if found.epoch == (stored_epoch(request) or 0) else None


def is_over(request: Any) -> bool:
    """Whether the epoch has moved since this user's login, so that the session must not go on as it is."""
    found = _read(request)
    if found is None or found.subject != users.subject_of(request.user):
        return False
    return found.epoch != (stored_epoch(request) or 0)


def stored_epoch(request: Any) -> int | None:
    """The epoch of the user's second factor, read once for a request; None for a user without a record."""
    return _epoch_of(request, users.subject_of(request.user))


def _epoch_of(request: Any, subject: str) -> int | None:
    known: tuple[str, int | None] | None = getattr(request, _CACHE, None)
    if known is None or known[0] != subject:
        with store_faults:
            known = (subject, rows(subject).values_list("epoch", flat=True).first())
        setattr(request, _CACHE, known)
    return known[1]


def _read(request: Any) -> Stamp | None:
    kept = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    return Stamp(**{**kept, "amr": tuple(kept["amr"])})


def _write(request: Any, stamp: Stamp) -> None:
    request.session[KEY] = {**stamp._asdict(), "amr": list(stamp.amr)}
    vars(request).pop(_CACHE, None)
