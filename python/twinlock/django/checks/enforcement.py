"""What `manage.py check` says about the settings of enforcement: names that lead nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.utils.module_loading import import_string

from .. import enforcement, services
from ..conf import settings
from ..conf.enforcement import WHOM
from ..routes import found_routes


def check_enforcement(**_: Any) -> list[CheckMessage]:
    """E005: a callable or groups that are not there, or a purpose that nobody can step up for."""
    try:
        return [*_whom(settings.REQUIRED), *_callables(settings.EVIDENCE), *_purposes()]
    except ImproperlyConfigured:  # E003 tells of it
        return []


def _whom(whom: Any) -> list[CheckMessage]:
    if isinstance(whom, tuple):
        try:
            get_user_model()._meta.get_field("groups")
        except FieldDoesNotExist:
            hint = "Name a callable instead, which is given the user and says whether one is required."
            return [_error("TWINLOCK['REQUIRED'] names groups, and the user model has none.", hint)]
        return []
    return [] if whom in WHOM else _callables([whom], "REQUIRED")


def _callables(paths: Any, name: str = "EVIDENCE") -> list[CheckMessage]:
    return [
        _error(f"TWINLOCK[{name!r}] names {path}, which is no callable.", "Look for a misspelling.")
        for path in paths
        if not is_callable(path)
    ]


def is_callable(path: str) -> bool:
    """Whether a dotted path leads to a callable."""
    try:
        return callable(import_string(path))
    except ImportError:
        return False


def _purposes() -> list[CheckMessage]:
    found_routes()  # loads the views, which say what they ask for
    return [
        _error(
            f"A view asks for the purpose {purpose!r}, for which nobody can step up.",
            "Put it into TWINLOCK['STEP_UP_PURPOSES'].",
        )
        for purpose in sorted(enforcement.declared.difference(services.step_up_purposes()))
    ]


def _error(message: str, hint: str) -> CheckMessage:
    return Error(message, hint=hint, id="twinlock.E005")
