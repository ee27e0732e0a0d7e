"""The settings of who must have a second factor, and of what needs a fresh one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .kinds import Flag, Setting, Whole, Word, Words, typed

WHOM = ("nobody", "staff", "all")
WITHOUT_FACTOR = ("refuse", "recent_login")


class Whom(Setting["str | tuple[str, ...]"]):
    """Whom a rule is about: a word, the names of groups, or the dotted path of a callable."""

    wanted = "nobody, staff, all, a list of groups, or the dotted path of a callable"

    def checked(self, name: str, value: Any) -> str | tuple[str, ...]:
        """A word or a path as it is, groups as a tuple."""
        if isinstance(value, str):
            if value not in WHOM and "." not in value:
                raise ImproperlyConfigured(f"{name} must be {self.wanted}.")
            return value
        groups = typed(name, value, (list, tuple, set, frozenset), self.wanted)
        return tuple(typed(name, group, str, self.wanted) for group in groups)


class Purposes(Words):
    """Names of purposes, as the core takes them."""

    wanted = "a list of names (a-z, 0-9, _ - . :, 64 at most)"

    def read(self, key: str, found: Mapping[str, Any], path: str) -> tuple[str, ...]:
        """The names, if all are such."""
        names = super().read(key, found, path)
        allowed = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-.:")
        if any(not 1 <= len(name) <= 64 or not allowed.issuperset(name) for name in names):
            raise ImproperlyConfigured(f"{path}[{key!r}] must be {self.wanted}.")
        return names


class EnforcementSettings:
    """Who must have a second factor, since when, and what needs a fresh one."""

    REQUIRED = Whom(
        "Who must have a second factor: `nobody`, `staff`, `all`, a list of groups, or the dotted path of a "
        "callable that is given the user.",
        default=WHOM[0],
    )
    GRACE_PERIOD = Whole(
        "Seconds that a user who must have a second factor may still sign in without, from the day on which "
        "that was first seen.",
        default=0,
        least=0,
    )
    ENROLLMENT_LOGIN_AGE = Whole(
        "Seconds after the sign-in in which a first authenticator may be set up.", default=600, least=30
    )
    DANGER_ENROLL_ON_OLD_LOGIN = Flag("Lets a stolen old token set up the account's first authenticator.")
    STEP_UP_PURPOSES = Purposes(
        "What users may step up for, beside the purposes of Twinlock's own sensitive actions and `general`.",
        default=(),
    )
    STEP_UP_WITHOUT_FACTOR = Word(
        "What a user without a second factor meets where a fresh one is asked for: `refuse`, or "
        "`recent_login`, which takes a sign-in of that age for it. Whoever must have one is refused.",
        words=WITHOUT_FACTOR,
    )
    EVIDENCE = Words(
        "Dotted paths of callables that find in a request who signed in and how, the first that finds wins.",
        default=("twinlock.django.evidence.bearer", "twinlock.django.session_evidence.session"),
    )
