"""Signing in: after the password a challenge or a trusted device, after the challenge a proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from twinlock import EnrollmentToken
from twinlock.errors import Refused

from .. import audit, signals, users
from ..frames import without_locals
from ..notices import notify
from ..store import CallStore, find_user
from . import requirement, tokens
from .backup_codes import backup_code_spent
from .build import engine, for_one_call, second_factor
from .events import tell, typed
from .sent_codes import deliver_code
from .trust import from_client
from .watch import Watched, watched

if TYPE_CHECKING:
    from twinlock import Proof, SecondFactor, SignIn, SlidingToken, Tokens

BEGUN = {
    "proof": "sign_in_without_second_factor",
    "challenge": "sign_in_challenged",
    "send": "sign_in_challenged",
    "trusted": "sign_in_on_trusted_device",
    "enroll": "sign_in_needs_enrollment",
}


@without_locals
def begin_sign_in(
    user: Any,
    *,
    methods: Sequence[str] = ("pwd",),
    trust_token: str | None = None,
    request: Any = None,
    sender: Any = None,
) -> SignIn:
    """Says that the user passed the first factor; `.outcome` of what it returns says what comes next.

    `proof`: no second factor is due. `challenge`: one is. `send`: a code is on its way to the user already.
    `trusted`: `trust_token`, as the client keeps it, took its place; give the client
    `for_client(user, found.trust)` and `found.proof` to `mint`. `enroll`: whoever must have a second factor
    and set none up in time gets `.enrollment`, which opens just that.
    A challenge dies when the user's password changes. Refused: `token_invalid` for a user who may not sign
    in, `too_many_codes`.
    """
    subject = users.subject_of(user)
    with watched("sign_in", user, request, sender):
        if not users.is_active(user):
            raise Refused("token_invalid")
        found = second_factor().begin_sign_in(
            subject,
            methods=methods,
            binding=users.binding(user),
            trust_token=from_client(user, trust_token),
        )
        found = requirement.enforced(user, found)
    audit.event(BEGUN[found.outcome], subject, request=request)
    if found.outcome == "proof":
        tell(signals.non_totp_login_succeeded, user=user, request=request, sender=sender)
    if found.outcome == "trusted":
        tell(signals.trusted_login_succeeded, user=user, request=request, sender=sender)
        notify(user, "signed_in")
    if found.sent_code is not None:
        deliver_code(user, found.sent_code, request, sender)
    return found


@without_locals
def send_code(challenge: str, *, request: Any = None, sender: Any = None) -> int:
    """Delivers a code for a challenge, the first one or another in its place; returns when it expires.

    Wrong answers given so far still count. Refused: `challenge_invalid`, `challenge_spent`, `not_enrolled`,
    `too_many_codes` and `locked` with `.retry_after`, `factor_disabled`, `method_not_allowed`.
    """
    user, factor, _ = _challenged(challenge, request)
    with watched("code", user, request, sender):
        sent = factor.send_code(challenge, binding=users.binding(user))
    deliver_code(user, sent, request, sender)
    return sent.expires_at


@without_locals
def finish_sign_in(
    challenge: str,
    *,
    otp: str | None = None,
    backup: str | None = None,
    sent: str | None = None,
    request: Any = None,
    sender: Any = None,
) -> tuple[Any, Proof]:
    """Checks the answer to a challenge; returns the user and a proof. Give one of `otp`, `backup` and `sent`.

    Refused: `challenge_invalid` (also for a user who is gone, inactive or has a new password),
    `challenge_spent`, `wrong_code`, `replayed`, `locked` with `.retry_after`, `factor_disabled`,
    `not_enrolled`, `contended`; `enrollment_required` for a challenge that leads to an enrollment.
    """
    user, factor, _ = _challenged(challenge, request)
    told = _told(user, challenge, {"otp": otp, "backup": backup, "sent": sent})
    with _answered(user, request, sender):
        proof = factor.finish_sign_in(**told)
    _succeeded(user, proof.method, request, sender)
    return user, proof


@without_locals
def finish_challenge(
    challenge: str, *, request: Any = None, sender: Any = None, **answer: str
) -> tuple[Any, Proof | EnrollmentToken]:
    """As `finish_sign_in`, but a challenge that leads to an enrollment gives the token that opens it."""
    user, factor, _ = _challenged(challenge, request)
    told = _told(user, challenge, answer)
    with _answered(user, request, sender):
        try:
            proof = factor.finish_sign_in(**told)
        except Refused as refusal:
            return user, _opened(refusal, user, factor, told, request)
    _succeeded(user, proof.method, request, sender)
    return user, proof


@without_locals
def finish_with_session(
    challenge: str, *, device: str = "", request: Any = None, sender: Any = None, **answer: str
) -> tuple[Any, Tokens | SlidingToken | EnrollmentToken]:
    """`finish_challenge` and then `mint`; where tokens rotate, the database takes both at once.

    So a code is not used up, and the challenge not spent, for a session that could not be stored.
    """
    if not tokens.rotate():
        user, found = finish_challenge(challenge, request=request, sender=sender, **answer)
        if isinstance(found, EnrollmentToken):
            return user, found
        return user, tokens.mint(user, found, device=device, request=request)
    user, factor, store = _challenged(challenge, request)
    told = _told(user, challenge, answer)
    with _answered(user, request, sender):
        try:
            begun = tokens.begin_with(store, factor, user, told, device=device, request=request)
        except Refused as refusal:
            return user, _opened(refusal, user, factor, told, request)
    signed_in, session = begun
    _succeeded(user, signed_in.method, request, sender)
    tokens.started(users.subject_of(user), session, request)
    return user, signed_in.tokens


def _told(user: Any, challenge: str, answer: Mapping[str, str | None]) -> dict[str, Any]:
    """What the engine judges."""
    given = {kind: typed(text) for kind, text in answer.items()}
    return {"challenge": challenge, "binding": users.binding(user), **given}


def _opened(
    refusal: Refused, user: Any, factor: SecondFactor, told: Mapping[str, Any], request: Any
) -> EnrollmentToken:
    """The token of a challenge that leads to an enrollment; raises what was refused for another reason."""
    if refusal.code != "enrollment_required":
        raise refusal
    token = factor.finish_for_enrollment(**told)
    audit.event("enrollment_opened", users.subject_of(user), request=request)
    return token


class _Answered(Watched):
    """Tells of a refused answer."""

    def refused(self, refusal: Refused) -> None:
        super().refused(refusal)
        tell(signals.totp_login_failed, **self.told, reason=refusal.code)


def _answered(user: Any, request: Any, sender: Any) -> _Answered:
    return _Answered("sign_in", user, request, sender)


def _succeeded(user: Any, method: str | None, request: Any, sender: Any) -> None:
    audit.event("sign_in_succeeded", users.subject_of(user), request=request, method=method)
    tell(signals.totp_login_succeeded, user=user, request=request, sender=sender)
    notify(user, "signed_in")
    if method == "backup":
        backup_code_spent(user, request=request, sender=sender)


def _challenged(challenge: Any, request: Any) -> tuple[Any, SecondFactor, CallStore]:
    with audit.watched("sign_in", None, request):
        if not isinstance(challenge, str):
            raise Refused("challenge_invalid")
        subject = engine().challenge_subject(typed(challenge))
    with audit.watched("sign_in", subject, request):
        user, found, loaded = find_user(subject)
        if user is None or not users.is_active(user):
            raise Refused("challenge_invalid")
    return user, *(for_one_call(found) if loaded else for_one_call())
