"""Sent codes on their way: handed over after the commit, delivered off the request's path.

`TWINLOCK["CODE_SENDER"]` is the dotted path of a callable that is given the user, the code, when it expires
(Unix seconds) and the `Origin` of the request. It runs where mails are sent (`TWINLOCK["MAIL_SENDER"]`), in
the language of the request. What it raises is in the audit log as `code_delivery_failed`; the user can ask
for another code. `email_code` is the one that is shipped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone
from django.utils.module_loading import import_string

from . import mail, users
from .conf import settings

if TYPE_CHECKING:
    from twinlock import SentCode

AGENT_MAX = 200


class Undeliverable(Exception):
    """A code that cannot be delivered; its text says why, and names nobody."""


class Origin(NamedTuple):
    """Where a code was asked for: what a message may tell its user."""

    address: str
    user_agent: str
    purpose: str = ""
    """What the code confirms, where it is for a step-up; a sign-in has none."""


def deliver(user: Any, sent: SentCode, request: Any, purpose: str = "") -> None:
    """Hands a code over for delivery; call it when the code's hash is stored."""
    subject = users.subject_of(user)
    job = CodeDelivery(subject, sent.code, sent.expires_at, _origin(request, purpose))
    mail.hand_over(job, subject, "code_delivery_failed")


def email_code(user: Any, code: str, expires_at: int, origin: Origin) -> None:
    """A `CODE_SENDER` that mails the code to the user's own address."""
    if not users.email_of(user):
        raise Undeliverable("The user has no mail address.")
    minutes = math.ceil((expires_at - timezone.now().timestamp()) / 60)
    mail.send("twinlock/email/sent_code.html", user, {"code": code, "minutes": minutes, "origin": origin})


@dataclass(frozen=True)
class CodeDelivery:
    """The job that delivers one code. It is picklable and holds the code, which its repr does not show."""

    subject: str
    code: str = field(repr=False)
    expires_at: int
    origin: Origin

    def __call__(self) -> None:
        """Gives the code to the host's sender, if the user is still there and the code still good."""
        if timezone.now().timestamp() >= self.expires_at:
            raise Undeliverable("The code has expired.")
        user = users.find(self.subject)
        if user is None or not users.is_active(user):
            return
        import_string(settings.CODE_SENDER or "")(user, self.code, self.expires_at, self.origin)


def _origin(request: Any, purpose: str) -> Origin:
    found = getattr(request, "META", {}) if request is not None else {}
    agent = "".join(char for char in str(found.get("HTTP_USER_AGENT", "")) if char.isprintable())
    return Origin(str(found.get("REMOTE_ADDR", "")), agent[:AGENT_MAX], purpose)
