"""How an operator names users on the command line, and is asked before anything is changed for them."""

from __future__ import annotations

import getpass
import json
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import router

from twinlock.errors import Fault, TwinlockError

from .. import audit, users
from ..client import printable
from ..faults import store_faults

WAYS = ("id", "name", "email")


def add_ways(parser: ArgumentParser) -> None:
    """How the words that name users are meant."""
    parser.add_argument(
        "--by",
        choices=WAYS,
        help="what the words are: primary keys, user names or mail addresses (default: whatever fits)",
    )


def find_user(word: str, by: str | None) -> Any:
    """The one user whom a word names. CommandError: there is none, or several."""
    with store_faults:
        found = {user.pk: user for way in WAYS if by in (None, way) for user in _found(word, way)}
    if not found:
        raise CommandError(f"There is no user {printable(word)!r}.")
    if len(found) > 1:
        names = ", ".join(described(user) for user in found.values())
        raise CommandError(f"{printable(word)!r} names several users: {names}. Say with --by id which.")
    return next(iter(found.values()))


def described(user: Any) -> str:
    """A user's name and id on one line, whatever characters the name has."""
    return f"{printable(user.get_username())} (id {printable(str(user.pk))})"


class ChangingCommand(BaseCommand):
    """Does one thing for each of several users, after a question. Exit code 1: not done for all of them."""

    question: ClassVar[str]
    """What is asked; the users' names follow."""
    done: ClassVar[str]
    """What is said of each user for whom it is done."""
    action: ClassVar[str]
    """What the audit log calls it."""
    act: ClassVar[Callable[..., None]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and whether to ask."""
        parser.add_argument("users", nargs="+", metavar="user", help="an id, a user name or a mail address")
        add_ways(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_: Any, yes: bool, by: str | None, **options: Any) -> None:
        """Finds all users before anything is changed, asks, and does it."""
        found = {user.pk: user for user in self._found(options["users"], by)}
        if not yes:
            self._ask(list(found.values()))
        left = [user for user in found.values() if not self._do(user)]
        if left:
            raise CommandError(f"Not done for {len(left)} of {len(found)}.")

    def _found(self, words: Sequence[str], by: str | None) -> list[Any]:
        try:
            return [find_user(word, by) for word in words]
        except Fault as fault:
            raise CommandError(f"{fault.code}: {fault}", returncode=2) from fault

    def _ask(self, found: Sequence[Any]) -> None:
        for user in found:
            self.stdout.write(described(user))
        try:
            answer = input(f"{self.question} [y/N] ")
        except EOFError:
            raise CommandError("Nobody answers; nothing was changed. Say --yes.") from None
        if answer.strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was changed.")

    def _do(self, user: Any) -> bool:
        operator = f"shell:{_account()}"
        audit.event("operator_action", users.subject_of(user), operator=operator, action=self.action)
        try:
            type(self).act(user)
        except TwinlockError as error:
            self.stderr.write(f"{described(user)}: {error}")
            return False
        self.stdout.write(f"{described(user)}: {self.done}")
        return True


def as_json(facts: Any) -> str:
    """Facts for programs."""
    return json.dumps(facts, indent=2, default=str)


def _found(word: str, way: str) -> list[Any]:
    model: Any = get_user_model()
    if way == "id":
        user = users.find(word)
        return [] if user is None else [user]
    name: str = model.USERNAME_FIELD
    if way == "email":
        field = users.email_field(model)
        if field is None:
            return []
        name = f"{field}__iexact"
    if not word or "\x00" in word:
        return []
    return list(model._default_manager.using(router.db_for_write(model)).filter(**{name: word})[:10])


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
