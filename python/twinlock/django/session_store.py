"""The table of sessions: each change is one conditional statement, and durable when it returns.

A rotation replaces the state only where its version is still the one that was read; a revocation needs no
version, since it moves the version itself and so outruns every rotation that read before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, IntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from . import statements, users
from .faults import despite_rivals, store_faults
from .models import RefreshSession
from .store import database, refuse_open_transaction


@dataclass
class NewSession:
    """A row of RefreshSession that is made: a model's object takes many times as long to build.

    The state, the end and the name come with its first token.
    """

    user_id: Any
    credential: str
    device: str
    address: str | None
    created_at: datetime
    last_used_at: datetime
    id: str = ""
    state: str = ""
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    epoch: int = 0
    version: int = 1


def insert(session: NewSession) -> bool:
    """Stores a new session; False where its user is gone."""
    refuse_open_transaction()
    with store_faults:
        try:
            despite_rivals(lambda: statements.insert(database(), RefreshSession, vars(session)))
        except IntegrityError:
            return False
    return True


def find(session_id: Any, subject: str) -> RefreshSession | None:
    """The session of that name, if it is the subject's."""
    if not isinstance(session_id, str):
        return None
    with store_faults:
        found: RefreshSession | None = of(subject).filter(pk=session_id).first()
    return found


def replace(session: RefreshSession | NewSession, **values: Any) -> bool:
    """Changes the session where nobody changed it since it was read; says whether it did."""
    return bool(_update(_rows().filter(pk=session.id, version=session.version), values) == 1)


def touch(session: RefreshSession, **values: Any) -> bool:
    """Changes the session where it goes on, whatever else changed; says whether it does."""
    return bool(_update(_rows().filter(pk=session.pk, revoked_at=None), values) == 1)


def revoke(subject: str, session_id: str | None = None) -> int:
    """Ends one living session of the subject, or all; returns how many those were."""
    now = timezone.now()
    found = living(subject, now)
    return _update(found if session_id is None else found.filter(pk=session_id), {"revoked_at": now})


def of(subject: str) -> Any:
    """The query for the subject's sessions."""
    return _rows().filter(user_id=users.pk_of(subject))


def living(subject: str, now: datetime) -> Any:
    """The query for the subject's sessions that neither ended nor were revoked."""
    return of(subject).filter(revoked_at=None, expires_at__gt=now)


def revoked(session_id: str) -> Any:
    """The query for the session of that name, if it was revoked."""
    return _rows().filter(pk=session_id, revoked_at__isnull=False)


def is_revoked(session_id: str) -> RawSQL:
    """Whether the session of that name was revoked, as a column of another query on the same database.

    Every request of a signed-in user asks this: Django needs half a millisecond to write the same subquery.
    """
    name = transaction.get_connection(database()).ops.quote_name
    table, key, revoked_at = name(RefreshSession._meta.db_table), name("id"), name("revoked_at")
    found = f"SELECT 1 FROM {table} WHERE {key} = %s AND {revoked_at} IS NOT NULL"  # noqa: S608 (our own names)
    return RawSQL(f"CASE WHEN EXISTS ({found}) THEN 1 ELSE 0 END", (session_id,), IntegerField())  # noqa: S611


def expired(before: datetime) -> Any:
    """The query for everybody's sessions that ended before that moment."""
    return _rows().filter(expires_at__lt=before)


def delete_expired(before: datetime, at_most: int, after: str) -> tuple[int, str | None]:
    """Deletes some of them whose names come after that one; returns how many, and the last name or None.

    No index leads there: it would cost every sign-in and every rotation more than it saves a daily walk.
    """
    with store_faults:
        found = expired(before).filter(pk__gt=after).order_by("pk")
        chosen = list(found.values_list("pk", flat=True)[:at_most])
        return (_delete(chosen, before), chosen[-1]) if chosen else (0, None)


def _delete(chosen: Iterable[str], before: datetime) -> int:
    with transaction.atomic(using=database(), durable=True):
        return int(expired(before).filter(pk__in=chosen).delete()[0])


def _update(found: Any, values: dict[str, Any]) -> int:
    refuse_open_transaction()
    with store_faults:  # one statement outside a transaction is durable when it returns
        return despite_rivals(lambda: int(found.update(version=F("version") + 1, **values)))


def _rows() -> Any:
    return RefreshSession._base_manager.using(database())
