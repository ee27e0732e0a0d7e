"""What a database can fail with, as the one fault that callers know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext_lazy as _

from twinlock.errors import StoreFault

UNAVAILABLE = _("The second factor cannot be checked at the moment; try again later.")
"""What a client is told of any fault."""
TOO_MANY = frozenset(("locked", "factor_disabled", "contended", "too_many_codes"))
"""The refusals that are answered with status 429, and `Retry-After` where the refusal knows when."""


@contextmanager
def store_faults() -> Iterator[None]:
    """Turns "locked", "gone", "full" into StoreFault. Nothing is granted then."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        raise StoreFault from error
