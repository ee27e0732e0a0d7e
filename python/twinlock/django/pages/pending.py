"""A sign-in between the password and the second factor, as the session keeps it.

Nothing but what the core signed for just this: a challenge, or a token that opens enrollment alone. It is
sealed, since stores of sessions get into backups and caches. Neither the password nor a secret is in the
session, and nobody is logged in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from twinlock.django import sealed, services

if TYPE_CHECKING:
    from twinlock import EnrollmentToken, SignIn

KEY = "twinlock_sign_in"


class PendingSignIn(NamedTuple):
    """What is waiting. `backend` is None where the session is the user's already.

    `token` is a challenge; `gives` says what its answer leads to: `sign_in`, or `enrollment`. It is None
    where the token is one that opens enrollment.
    """

    token: str
    gives: str | None
    methods: list[str]
    code_sent: bool
    backend: str | None
    next_url: str

    def __repr__(self) -> str:
        return f"PendingSignIn(gives={self.gives!r})"

    @property
    def is_challenge(self) -> bool:
        """Whether a code is asked for next."""
        return self.gives is not None


def keep_challenge(request: Any, found: SignIn, backend: str | None, next_url: str) -> None:
    """Keeps the challenge of a sign-in, in a session of another key than before."""
    sent = found.outcome == "send"
    _keep(request, PendingSignIn(found.challenge or "", found.gives, found.methods, sent, backend, next_url))


def keep_enrollment(
    request: Any, user: Any, token: EnrollmentToken, backend: str | None, next_url: str
) -> None:
    """Keeps the token that opens enrollment, bound to the user's password."""
    bound = services.bind_enrollment_token(user, token.token)
    _keep(request, PendingSignIn(bound, None, [], False, backend, next_url))


def mark_sent(request: Any, pending: PendingSignIn) -> None:
    """Remembers that a code is on its way."""
    _write(request, pending._replace(code_sent=True))


def find(request: Any) -> PendingSignIn | None:
    """What is waiting in this session."""
    found = request.session.get(KEY)
    if not isinstance(found, dict):
        return None
    token = sealed.unseal(KEY, found["token"])
    return None if token is None else PendingSignIn(**{**found, "token": token})


def drop(request: Any) -> None:
    """Forgets it."""
    request.session.pop(KEY, None)


def _keep(request: Any, pending: PendingSignIn) -> None:
    request.session.cycle_key()
    _write(request, pending)


def _write(request: Any, pending: PendingSignIn) -> None:
    request.session[KEY] = {**pending._asdict(), "token": sealed.seal(KEY, pending.token)}
