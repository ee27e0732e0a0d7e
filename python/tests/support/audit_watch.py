"""Holds every audit event of a test against the table of events."""

import logging
from contextlib import contextmanager


class Watcher(logging.Handler):
    """Notes what is not in the table."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.problems = []

    def emit(self, record):
        from twinlock.django.audit_events import COMMON, EVENTS

        fields = getattr(record, "twinlock", {})
        event = EVENTS.get(fields.get("event"))
        if event is None:
            self.problems.append(f"{record.getMessage()} is not in the table")
        elif not COMMON | set(event.fields) >= fields.keys() or record.levelno < event.level:
            self.problems.append(f"{record.getMessage()} is not as in the table")


@contextmanager
def held_against_the_table():
    """Fails at the end where an event was written that the table does not have so."""
    watcher, logger = Watcher(), logging.getLogger("twinlock.audit")
    logger.addHandler(watcher)
    try:
        yield
    finally:
        logger.removeHandler(watcher)
    if watcher.problems:
        raise AssertionError("\n".join(watcher.problems))
