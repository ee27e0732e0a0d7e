"""Step-up by a code that is sent, for users whose second factor is nothing else.

The core's challenge carries it: bound to the purpose, the session and the password, so that it is no
sign-in's and no other step-up's. Tries, locks and the number of codes are those of a sign-in. The token that
comes of it says in claims of the app what it is for and whose session goes on: only the core's step-up, which
takes a device's codes, writes `purpose`. So it opens what a project's views ask for, and changes no factor.

A session of Django gets no token: it keeps the challenge where nobody else reads it, and remembers the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from twinlock.errors import Refused

from .. import users
from ..frames import without_locals
from .build import engine, second_factor
from .events import typed
from .sent_codes import deliver_code
from .state import status
from .step_up import OWN_PURPOSES, check_purpose, stepped_up, stepping_up
from .tokens import CREDENTIAL_CLAIM, STEP_UP_CLAIM, STEPPED_SESSION_CLAIM, first_factor, session_of
from .verification import verify_access
from .watch import watched

if TYPE_CHECKING:
    from twinlock import AccessToken, Proof, Status


SITE = "session of Django"
"""The name of every session that keeps its challenge to itself; no name that the core gives has a space."""


class Stepping(NamedTuple):
    """The session that steps up: what its challenge is bound to, and what was shown at its sign-in."""

    name: Any
    amr: Iterable[str]


class SentStepUp(NamedTuple):
    """What a client answers a step-up with, beside the code. Its repr shows no token."""

    challenge: str
    expires_at: int

    def __repr__(self) -> str:
        return f"SentStepUp(expires_at={self.expires_at})"


def is_sent_alone(found: Status) -> bool:
    """Whether a user of that state is asked for sent codes, having nothing else."""
    policy = engine().policy
    if found.enabled or policy.sent_codes != "sign_in":
        return False
    opted_out = found.preference == "off" and policy.opt_out == "allowed"
    return found.preference == "sent" or (policy.fallback == "sent_code" and not opted_out)


@without_locals
def send_step_up_code(
    user: Any, purpose: str, *, session: str, request: Any = None, sender: Any = None
) -> SentStepUp:
    """Delivers a code with which the access token `session` can be stepped up for a purpose.

    Refused: `method_not_allowed` for a user who has a device; `not_enrolled` for one who gets no codes, and
    for what changes devices; `too_many_codes` with `.retry_after`; `second_factor_required` for a session
    that is not the user's. Fault: ArgumentFault for a purpose that is not in `step_up_purposes`.
    """
    return _send(user, purpose, lambda: _of_token(user, session), request, sender)


@without_locals
def step_up_by_sent_code(
    user: Any,
    purpose: str,
    *,
    session: str,
    challenge: str,
    sent: str,
    request: Any = None,
    sender: Any = None,
) -> AccessToken:
    """As `step_up`, with the code that `send_step_up_code` delivered for this challenge, purpose and session.

    Refused: as `finish_sign_in`; `second_factor_required` for a session that is not the user's.
    """
    told = {"user": user, "request": request, "sender": sender}
    proof, found = _answer(purpose, lambda: _of_token(user, session), challenge, sent, told)
    own = {
        CREDENTIAL_CLAIM: users.credential(user),
        STEP_UP_CLAIM: purpose,
        STEPPED_SESSION_CLAIM: found.name,
    }
    token = engine().mint_access(proof, own)
    stepped_up(purpose, "sent", **told)
    return token


@without_locals
def send_code_to_session(
    user: Any, purpose: str, *, amr: Iterable[str], request: Any = None, sender: Any = None
) -> SentStepUp:
    """As `send_step_up_code`, for a session of Django, whose sign-in showed `amr`.

    The challenge must not leave the session that it was sent for.
    """
    return _send(user, purpose, lambda: Stepping(SITE, amr), request, sender)


@without_locals
def step_up_session(
    user: Any, purpose: str, *, challenge: str, sent: str, request: Any = None, sender: Any = None
) -> None:
    """Checks the code that `send_code_to_session` delivered for this challenge, which is used up.

    Refused: as `finish_sign_in`. That the session has stepped up is `session_stamp.step`'s to remember.
    """
    told = {"user": user, "request": request, "sender": sender}
    _answer(purpose, lambda: Stepping(SITE, ()), challenge, sent, told)
    stepped_up(purpose, "sent", **told)


def _send(user: Any, purpose: str, find: Callable[[], Stepping], request: Any, sender: Any) -> SentStepUp:
    check_purpose(purpose)
    with watched("code", user, request, sender):
        found = status(user)
        if found.enabled:
            raise Refused("method_not_allowed")
        if purpose in OWN_PURPOSES or not is_sent_alone(found):
            raise Refused("not_enrolled")
        session = find()
        begun = second_factor().begin_sign_in(
            users.subject_of(user),
            methods=first_factor(session.amr),
            binding=_binding(user, purpose, session),
        )
        if begun.sent_code is None or begun.challenge is None:
            raise Refused("not_enrolled")
    deliver_code(user, begun.sent_code, request, sender, purpose=purpose)
    return SentStepUp(begun.challenge, begun.sent_code.expires_at)


def _answer(
    purpose: str, find: Callable[[], Stepping], challenge: str, sent: str, told: dict[str, Any]
) -> tuple[Proof, Stepping]:
    user = told["user"]
    with stepping_up(purpose, **told):
        session = find()
        if engine().challenge_subject(typed(challenge)) != users.subject_of(user):
            raise Refused("challenge_invalid")
        proof = second_factor().finish_sign_in(
            typed(challenge), sent=typed(sent), binding=_binding(user, purpose, session)
        )
    return proof, session


def _of_token(user: Any, token: str) -> Stepping:
    """The session of an access token that counts and is the user's."""
    try:
        owner, claims = verify_access(token)
    except Refused:
        raise Refused("second_factor_required") from None
    if owner.pk != user.pk:
        raise Refused("second_factor_required")
    return Stepping(session_of(claims), claims.get("amr", ()))


def _binding(user: Any, purpose: str, session: Stepping) -> str:
    return f"step_up/{purpose}/{session.name}/{users.binding(user)}"
