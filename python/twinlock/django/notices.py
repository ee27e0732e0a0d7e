"""Mails that tell a user what changed, so that what an attacker does is not seen last by its victim.

`TWINLOCK["NOTICES"]` names the changes that are told: where it is not set, all but `signed_in`. `disabled`
has a template of its own, as in django-totp; the others share `twinlock/email/notice.html`, which is given
`change` and `headline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import users
from .conf import settings
from .mail import hand_over, send

HEADLINES = {
    "enabled": _("Two-factor authentication has been turned on for your account."),
    "backup_codes_rotated": _("New backup codes were made for your account. The old ones are void."),
    "backup_code_used": _("A backup code was used to sign in to your account."),
    "device_added": _("A device was added to your two-factor authentication."),
    "device_removed": _("A device was removed from your two-factor authentication."),
    "device_trusted": _("A device was trusted: signing in on it takes no second factor for a while."),
    "method_changed": _("The way you are asked for the second factor was changed."),
    "locked": _("Two-factor authentication of your account was locked after several wrong codes."),
    "wrong_codes": _("Somebody entered your right password, and then several wrong codes."),
    "session_reused": _(
        "A session of your account was ended because its token was used twice. "
        "Somebody else may have copied it: if you are not sure, change your password."
    ),
    "signed_in": _("Somebody signed in to your account."),
}


def notify(user: Any, change: str) -> None:
    """Hands the mail over, if this change is one to tell."""
    if change in settings.NOTICES:
        subject = users.subject_of(user)
        hand_over(Notice(subject, change), subject)


@dataclass(frozen=True)
class Notice:
    """The mail about one change."""

    subject: str
    change: str

    def __call__(self) -> None:
        """Sends it, if the user is still there."""
        user = users.find(self.subject)
        if user is None:
            return
        if self.change == "disabled":
            send(settings.DISABLED_EMAIL_TEMPLATE, user, {})
        else:
            context = {"change": self.change, "headline": HEADLINES[self.change]}
            send("twinlock/email/notice.html", user, context)
