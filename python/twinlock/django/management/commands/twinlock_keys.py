"""Counts what each key is still needed for."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from twinlock.cli.inputs import InputProblem
from twinlock.cli.resealing import Usage
from twinlock.django import services
from twinlock.django.conf import settings
from twinlock.django.management.batches import add_batch, add_drop, all_records, unavailable
from twinlock.django.management.people import as_json
from twinlock.errors import StoreFault


class Command(BaseCommand):
    """Looks only; may run at any time."""

    help = (
        "Counts the records that each key is still needed for. Exit code 1: a key of --drop is still needed, "
        "a record needs a key that is missing, or cannot be opened. Keep keys until this says that they can "
        "go, and then for as long as the tokens that it names live."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which keys are to go, and how to say it."""
        add_drop(parser, "default: none")
        parser.add_argument("--json", action="store_true", help="for programs")
        add_batch(parser, "records to list at once")

    def handle(self, *_: Any, drop: list[str], json: bool, batch: int, **__: Any) -> None:
        """Counts, prints, and fails where a key must stay."""
        try:
            usage = all_records(batch, self.stderr.write).count()
            problems = usage.problems(drop)
            tokens = _tokens()
        except StoreFault as fault:
            raise unavailable(fault) from fault
        except InputProblem as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self.stdout.write(as_json(_facts(usage, tokens)) if json else "\n".join(_lines(usage, tokens)))
        if problems:
            raise CommandError("\n".join(problems))


def _facts(usage: Usage, tokens: dict[str, int]) -> dict[str, Any]:
    keys = [
        {"id": key_id, "records": count, "verdict": usage.verdict(key_id)}
        for key_id, count in usage.found.counts.items()
    ]
    return {"keys": keys, "records_not_opened": usage.failed, "keep_an_old_key_for_seconds": tokens}


def _lines(usage: Usage, tokens: dict[str, int]) -> Iterator[str]:
    yield from usage.lines()
    yield "Tokens are not stored and so not counted. After a key has stopped to seal, keep it for"
    for name, seconds in tokens.items():
        yield f"{seconds:10} s  {name.replace('_', ' ')}"


def _tokens() -> dict[str, int]:
    """What else is made with a ring's first key, and how long it lives at most."""
    policy, jwt = services.engine().policy, settings.JWT
    found = {"open_sign_ins": policy.challenge_life, "enrollment_tokens": policy.enrollment_token_life}
    if policy.trusted_devices:
        found["trusted_devices"] = policy.trust_life
    if jwt.SIGNING_KEY is None:
        found["sessions"] = jwt.REFRESH_LIFETIME
    return found
