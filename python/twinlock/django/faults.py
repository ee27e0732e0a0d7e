"""What a database can fail with: the one fault that callers know, and what is merely tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _

from twinlock.errors import StoreFault

T = TypeVar("T")
log = logging.getLogger("twinlock.django")

ATTEMPTS = 8
UNDONE_SQLSTATES = frozenset(("40001", "40P01"))
"""PostgreSQL: serialization failure, deadlock."""
UNDONE_NUMBERS = frozenset((1020, 1213))
"""MariaDB and MySQL: changed since it was read, deadlock."""
UNKNOWN_LETTERS = 1366
"""MariaDB and MySQL: a column's character set lacks a letter."""
UNAVAILABLE = _("The second factor cannot be checked at the moment; try again later.")
"""What a client is told of any fault."""
TOO_MANY = frozenset(("locked", "factor_disabled", "contended", "too_many_codes"))
"""The refusals that are answered with status 429, and `Retry-After` where the refusal knows when."""


class StoreFaults:
    """A block in which "locked", "gone", "full" become StoreFault. Nothing is granted then."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None or not isinstance(error, (DatabaseError, InterfaceError, UnicodeEncodeError)):
            return
        if isinstance(error, UnicodeEncodeError) or UNKNOWN_LETTERS in error.args[:1]:
            log.error(
                "The database cannot store a letter of a client's: connection and tables must be utf8mb4. "
                "`manage.py check --database <alias>` names what is not (twinlock.W007)."
            )
        raise StoreFault from error


store_faults = StoreFaults()
"""The one for all: it remembers nothing."""


def despite_rivals(write: Callable[[], T]) -> T:
    """What a write outside of transactions returns; done again while the database undoes it for a rival.

    Databases end deadlocks and conflicts of snapshots so, and say that nothing of it was stored.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return write()
        except DatabaseError as error:
            if not _was_undone(error):
                raise
    return write()


def _was_undone(error: DatabaseError) -> bool:
    driver = error.__cause__
    state = getattr(driver, "sqlstate", None) or getattr(driver, "pgcode", None)  # psycopg 3 and 2
    return state in UNDONE_SQLSTATES or (bool(error.args) and error.args[0] in UNDONE_NUMBERS)
