"""What `manage.py check` says about sent codes and trusted devices."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.views.debug import get_default_exception_reporter_filter

from ..conf import settings
from .enforcement import is_callable


def check_code_sender(**_: Any) -> list[CheckMessage]:
    """E006: codes are to be sent and nothing sends them."""
    try:
        policy, path = settings.POLICY, settings.CODE_SENDER
    except ImproperlyConfigured:
        return []
    if policy.get("sent_codes", "off") == "off" and path is None:
        return []
    if path is None:
        message = (
            "TWINLOCK['POLICY']['sent_codes'] is on, and TWINLOCK['CODE_SENDER'] names nothing to send with."
        )
    elif not is_callable(path):
        message = "TWINLOCK['CODE_SENDER'] is not the dotted path of a callable that can be imported."
    else:
        return []
    hint = (
        "Set TWINLOCK['CODE_SENDER'] to 'twinlock.django.delivery.email_code' or to a callable of your own."
    )
    return [Error(message, hint=hint, id="twinlock.E006")]


def check_trust_cookie(**_: Any) -> list[CheckMessage]:
    """E007: a cookie that browsers refuse. W005: one that is sent in clear."""
    try:
        in_use = settings.POLICY.get("trusted_devices", 0)
        same_site, secure = settings.TRUST_COOKIE_SAMESITE, settings.TRUST_COOKIE_SECURE
    except ImproperlyConfigured:
        return []
    if not in_use or secure:
        return []
    hint = "Leave TWINLOCK['TRUST_COOKIE_SECURE'] out: the cookie is then sent over HTTPS only."
    if same_site == "None":
        message = "Browsers refuse TWINLOCK['TRUST_COOKIE_SAMESITE'] 'None' without TRUST_COOKIE_SECURE."
        return [Error(message, hint=hint, id="twinlock.E007")]
    if django_settings.DEBUG:
        return []
    message = (
        "TWINLOCK['TRUST_COOKIE_SECURE'] is off: the token of a trusted device crosses the network in clear."
    )
    return [Caution(message, hint=hint, id="twinlock.W005")]


def check_trust_names(**_: Any) -> list[CheckMessage]:
    """W006: a cookie or a header with a token whose value Django's error reports show."""
    try:
        in_use = settings.POLICY.get("trusted_devices", 0)
        names = {"TRUST_COOKIE_NAME": settings.TRUST_COOKIE_NAME, "TRUST_HEADER": settings.TRUST_HEADER}
    except ImproperlyConfigured:
        return []
    hint = "Choose a name with 'token' in it, which Django takes for a secret's: X-Twinlock-Trust-Token."
    return [
        Caution(
            f"Error reports show the token of a trusted device: TWINLOCK[{setting!r}] is no secret's name.",
            hint=hint,
            id="twinlock.W006",
        )
        for setting, name in names.items()
        if in_use and name is not None and _is_shown(name)
    ]


def _is_shown(name: str) -> bool:
    """Whether the project's error reports show the value that stands beside this name."""
    reports: Any = get_default_exception_reporter_filter()
    return bool(reports.cleanse_setting(name, "value") == "value")
