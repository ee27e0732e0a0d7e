"""Deletes the rows of sessions that ended."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from twinlock.cli.progress import Progress
from twinlock.django.management.batches import add_batch, unavailable
from twinlock.django.services import sessions
from twinlock.errors import StoreFault


class Command(BaseCommand):
    """For a daily job. It may run beside the site, be stopped anywhere and run again."""

    help = (
        "Deletes the rows of sessions that ended, a batch in each transaction. Nothing changes for anybody: "
        "tokens of those sessions are refused with and without the rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much at once, and whether at all."""
        add_batch(parser, "rows to delete in one transaction; smaller batches hold others up less")
        parser.add_argument(
            "--dry-run", action="store_true", help="say how many rows there are, and delete nothing"
        )

    def handle(self, *_: Any, batch: int, dry_run: bool, **__: Any) -> None:
        """Deletes, and says how many."""
        try:
            found = sessions.count_expired() if dry_run else _flush(batch)
        except StoreFault as fault:
            raise unavailable(fault) from fault
        done = "would be deleted" if dry_run else "deleted"
        self.stdout.write(f"{found} ended {'session' if found == 1 else 'sessions'} {done}.")


def _flush(batch: int) -> int:
    progress = Progress("sessions", sessions.count_expired)
    total = 0
    try:
        for deleted in sessions.flush(batch):
            total += deleted
            progress.step(deleted)
    finally:
        progress.close()
    return total
