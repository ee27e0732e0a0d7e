"""Signing in: after the password a challenge or a trusted device, after the challenge a proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from twinlock.errors import Refused

from .. import audit, signals, users
from ..frames import without_locals
from ..notices import notify
from ..store import find_user
from . import requirement
from .backup_codes import backup_code_spent
from .build import engine, second_factor, second_factor_with
from .events import tell, typed
from .sent_codes import deliver_code
from .trust import from_client
from .watch import watched

if TYPE_CHECKING:
    from twinlock import EnrollmentToken, Proof, SecondFactor, SignIn

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
    user, factor = _challenged(challenge, request)
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
    user, factor = _challenged(challenge, request)
    answer = {"otp": typed(otp), "backup": typed(backup), "sent": typed(sent)}
    with _answered(user, request, sender):
        proof = factor.finish_sign_in(challenge, **answer, binding=users.binding(user))
    _succeeded(user, proof, request, sender)
    return user, proof


@without_locals
def finish_challenge(
    challenge: str, *, request: Any = None, sender: Any = None, **answer: str
) -> tuple[Any, Proof | EnrollmentToken]:
    """As `finish_sign_in`, but a challenge that leads to an enrollment gives the token that opens it."""
    user, factor = _challenged(challenge, request)
    told = {kind: typed(text) for kind, text in answer.items()}
    binding = users.binding(user)
    with _answered(user, request, sender):
        try:
            proof = factor.finish_sign_in(challenge, **told, binding=binding)
        except Refused as refusal:
            if refusal.code != "enrollment_required":
                raise
            token = factor.finish_for_enrollment(challenge, **told, binding=binding)
            audit.event("enrollment_opened", users.subject_of(user), request=request)
            return user, token
    _succeeded(user, proof, request, sender)
    return user, proof


@contextmanager
def _answered(user: Any, request: Any, sender: Any) -> Iterator[None]:
    """Tells of a refused answer."""
    try:
        with watched("sign_in", user, request, sender):
            yield
    except Refused as refusal:
        tell(signals.totp_login_failed, user=user, request=request, sender=sender, reason=refusal.code)
        raise


def _succeeded(user: Any, proof: Proof, request: Any, sender: Any) -> None:
    audit.event("sign_in_succeeded", users.subject_of(user), request=request, method=proof.method)
    tell(signals.totp_login_succeeded, user=user, request=request, sender=sender)
    notify(user, "signed_in")
    if proof.method == "backup":
        backup_code_spent(user, request=request, sender=sender)


def _challenged(challenge: Any, request: Any) -> tuple[Any, SecondFactor]:
    with audit.watched("sign_in", None, request):
        if not isinstance(challenge, str):
            raise Refused("challenge_invalid")
        subject = engine().challenge_subject(typed(challenge))
    with audit.watched("sign_in", subject, request):
        user, found, loaded = find_user(subject)
        if user is None or not users.is_active(user):
            raise Refused("challenge_invalid")
    return user, second_factor_with(found) if loaded else second_factor()
