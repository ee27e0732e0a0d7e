"""Seals the records anew under the first key."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from twinlock.cli.inputs import InputProblem
from twinlock.cli.resealing import Resealing, Usage
from twinlock.django import audit, services, users
from twinlock.django.management.batches import RUN_AGAIN, add_batch, add_drop, all_records
from twinlock.errors import StoreFault


class Command(BaseCommand):
    """For the rotation of keys. It may run beside the site, be stopped anywhere and run again."""

    help = (
        "Seals every record anew under the first key of TWINLOCK['KEYS'], one by one, each only where it has "
        "not changed meanwhile: the site goes on, and what is done is left alone. Exit code 1: a key of "
        "--drop is still needed at the end, or a record cannot be opened; 2: it could not be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which keys are to go, where to begin, how much at once, and whether at all."""
        add_drop(parser, "default: all but the first")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, only count")
        parser.add_argument(
            "--after",
            default="",
            metavar="ID",
            help="go on where an earlier run says that it stopped: after the user of that primary key",
        )
        add_batch(parser, "records to list at once; each is stored by itself")

    def handle(self, *_: Any, drop: list[str], dry_run: bool, after: str, batch: int, **__: Any) -> None:
        """Seals anew, says how many, and counts what the keys still hold."""
        if after and users.pk_of(after) is None:
            raise CommandError("--after must be the primary key of a user.", returncode=2)
        records = all_records(batch, self.stderr.write)
        run = Resealing(records, services.engine().policy.cipher, after)
        try:
            (run.dry_run if dry_run else run.run)()
            usage = records.count()
            problems = usage.problems(drop or usage.old_keys())
        except StoreFault as fault:
            raise CommandError(run.summary(f"{fault.code}: {RUN_AGAIN}"), returncode=2) from fault
        except KeyboardInterrupt:
            self.stderr.write(run.summary("interrupted"))
            raise
        except InputProblem as problem:
            raise CommandError(str(problem), returncode=2) from problem
        if not dry_run:
            _tell(run, usage)
        self.stdout.write("\n".join([run.summary(), *usage.lines()]))
        if problems:
            raise CommandError("\n".join(problems))


def _tell(run: Resealing, usage: Usage) -> None:
    level = logging.WARNING if usage.failed else logging.INFO
    audit.event(
        "records_resealed", None, level=level, resealed=run.anew, failed=usage.failed, key=usage.ring.ids[0]
    )
