"""The settings of mails and of recovery by mail."""

from __future__ import annotations

from django.conf import settings as django_settings

from .kinds import Group, OptionalText, Text, Whole, Word, Words
from .shapes import Site

# The last one is off unless asked for: a mail for every sign-in is soon not read.
NOTICES = (
    "enabled",
    "disabled",
    "backup_codes_rotated",
    "backup_code_used",
    "device_added",
    "device_removed",
    "device_trusted",
    "method_changed",
    "locked",
    "wrong_codes",
    "session_reused",
    "signed_in",
)
RECOVERY_MODES = ("backup_code", "admin", "DANGER_email_and_password_only")


class MailSettings:
    """What users are told, and how one who lost the authenticator gets back."""

    SITE = Group(
        "The site in mails.",
        Site,
        {
            "DOMAIN": Text("The host in links.", default="localhost:3000", old="DOMAIN"),
            "NAME": Text("What mails call the site.", default="localhost", old="SITE_NAME"),
            "PROTOCOL": Text("How links begin.", default="http", old="PROTOCOL"),
        },
    )
    NOTICES = Words("The changes that a user is told of by mail.", default=NOTICES[:-1], words=NOTICES)
    MAIL_SENDER = Text(
        "The dotted path of the callable that is given each mail job.",
        default="twinlock.django.mail.in_background",
    )
    USER_LANGUAGE = OptionalText(
        "The dotted path of a callable that is given a user and returns the language of mails to that user, "
        "such as `de`. Without it, or where it returns None, a mail is in the language of the request.",
        default=None,
    )
    RECOVERY = Word("What recovery by mail needs beside link and password.", words=RECOVERY_MODES)
    RECOVERY_TIMEOUT = Whole(
        "Seconds that a recovery link lives; `PASSWORD_RESET_TIMEOUT` where it is not set.",
        default=lambda: django_settings.PASSWORD_RESET_TIMEOUT,
        least=1,
    )
    RECOVERY_CONFIRM_URL = Text(
        "The path in the recovery mail, with `{uid}` and `{token}`.",
        default="/totp-recovery/{uid}/{token}",
        old="TOTP_RECOVERY_CONFIRM_URL",
    )
    RECOVERY_EMAIL_TEMPLATE = Text(
        "The template of the recovery mail.",
        default="twinlock/email/recovery.html",
        old="TOTP_RECOVERY_EMAIL_TEMPLATE",
    )
    DISABLED_EMAIL_TEMPLATE = Text(
        "The template of the mail that says that the second factor is off.",
        default="twinlock/email/disabled.html",
        old="TOTP_DISABLED_EMAIL_TEMPLATE",
    )
