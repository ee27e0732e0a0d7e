"""Prints docs/settings.md, made from the table of settings; run by a test, and by hand after a change.

python scripts/settings_reference.py > docs/settings.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import django
from django.conf import settings as django_settings

HEAD = """# Settings of the Django app

Made from the table in `python/twinlock/django/conf/`; a test compares. All stand in one dict, `TWINLOCK`, and
are read when they are needed. A value of the wrong kind stops the start, as does a name that means nothing.
"""


def main() -> int:
    """Prints the page."""
    if not django_settings.configured:
        django_settings.configure(TWINLOCK={"KEYS": "unused"})
        django.setup()
    sys.stdout.write(page())
    return 0


def page() -> str:
    """The whole page as Markdown."""
    from twinlock.django.conf import Settings
    from twinlock.django.conf.kinds import Group

    lines = [HEAD, *_table(Settings.table())]
    for name, row in Settings.table().items():
        if isinstance(row, Group):
            lines += ["", f"## `{name}`", "", row.doc, "", *_table(row.members)]
    return "\n".join(lines) + "\n"


def _table(rows: Mapping[str, Any]) -> Iterator[str]:
    yield "| setting | kind | default | meaning |"
    yield "| --- | --- | --- | --- |"
    for name, row in rows.items():
        old = f" Also `{row.old}`." if row.old else ""
        yield f"| `{name}` | {row.wanted} | {_default(row)} | {row.doc}{old} |"


def _default(row: Any) -> str:
    from twinlock.django.conf.kinds import REQUIRED

    if row.default is REQUIRED:
        return "required"
    if row.default is dict:
        return "`{}`"
    if callable(row.default):
        return "see there"
    if isinstance(row.default, tuple):
        return f"`{json.dumps(list(row.default))}`"
    return f"`{row.default!r}`"


if __name__ == "__main__":
    sys.exit(main())
