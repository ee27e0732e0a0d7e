"""Prints docs/events.md, made from the table of audit events; run by a test, and by hand after a change.

python scripts/events_reference.py > docs/events.md
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping

from twinlock.django.audit_events import ACTIONS, PLAIN, AuditEvent

HEAD = """# Audit events of the Django app

Made from the table in `python/twinlock/django/audit_events.py`; a test compares. The logger is
`twinlock.audit`. A record's message is the event's name and its fields as ASCII JSON on one line; the same
fields are in `record.twinlock`. Names and fields are stable.

Every event has `event` and `subject`, the user's id (null where nobody is known), and `request_id` where the
request has an `X-Request-ID`. No event holds a secret, a code, a token or a password.
"""
OUTCOMES = """
## Refusals and faults

For each action below there are two more events. `<action>_refused` (WARNING) has `reason`, a code of the
table of errors in [reference.md](reference.md), and `retry_after` in seconds where waiting helps. A replay is
the reason `replayed`. `<action>_failed` (ERROR) has `reason`, too: a key, a record or the store cannot be
used, which is the operator's to mend and never the user's fault.

| action | what was refused or failed |
| --- | --- |
"""


def main() -> int:
    """Prints the page."""
    sys.stdout.write(page())
    return 0


def page() -> str:
    """The whole page as Markdown."""
    actions = "".join(f"| `{action}` | {what} |\n" for action, what in ACTIONS.items())
    return "\n".join([HEAD, *_table(PLAIN)]) + "\n" + OUTCOMES + actions


def _table(events: Mapping[str, AuditEvent]) -> Iterator[str]:
    yield "| event | level | fields | meaning |"
    yield "| --- | --- | --- | --- |"
    for name, event in events.items():
        fields = ", ".join(f"`{field}`" for field in event.fields)
        yield f"| `{name}` | {logging.getLevelName(event.level)} | {fields} | {event.meaning} |"


if __name__ == "__main__":
    sys.exit(main())
