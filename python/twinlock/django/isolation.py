"""Views that call services run outside transactions: a verdict that a rollback can undo is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections, transaction

View = TypeVar("View", bound=Callable[..., Any])


def outside_transactions(view: View) -> View:
    """Keeps ATOMIC_REQUESTS away from a view, for every database."""
    for alias in connections:
        view = transaction.non_atomic_requests(using=alias)(view)
    return view
