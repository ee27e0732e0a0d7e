"""Says how a user's second factor stands, or how many users have one."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from twinlock.django.client import printable
from twinlock.django.management.people import add_ways, as_json, find_user
from twinlock.django.overview import facts_of, totals
from twinlock.errors import Fault


class Command(BaseCommand):
    """Looks only, and shows nothing secret."""

    help = "Says how the second factor of a user stands; without a user, how many users have one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and how to say it."""
        parser.add_argument("user", nargs="?", help="an id, a user name or a mail address")
        add_ways(parser)
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_: Any, user: str | None, by: str | None, json: bool, **__: Any) -> None:
        """Prints it."""
        try:
            facts = totals() if user is None else facts_of(find_user(user, by))
        except Fault as fault:
            raise CommandError(f"{fault.code}: {fault}", returncode=2) from fault
        self.stdout.write(as_json(facts) if json else "\n".join(_lines(facts)))


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        title = name.replace("_", " ")
        if isinstance(value, list):
            yield f"{title:24} {len(value) or 'none'}"
            for found in value:
                yield "  " + ", ".join(
                    f"{key.replace('_', ' ')} {_text(part)}" for key, part in found.items()
                )
        elif isinstance(value, dict):
            yield f"{title:24} {_told(value) or 'none'}"
        else:
            yield f"{title:24} {_text(value)}"


def _told(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {_text(value)}" for name, value in facts.items())


def _text(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return printable(str(value))
