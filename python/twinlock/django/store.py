"""The store over the Django ORM: one row per user, replaced only where its version is still the one read.

Every save is a durable transaction of its own, because a verdict that a rollback can undo is none: inside an
open transaction (ATOMIC_REQUESTS, an `atomic` block, autocommit off) `load` refuses with TransactionOpen
before anything is evaluated.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Union, overload

from django.conf import settings as django_settings
from django.db import IntegrityError, router, transaction
from django.utils import timezone

from twinlock.errors import Refused, TransactionOpen

from . import statements, users
from .conf import settings
from .faults import despite_rivals, store_faults
from .models import RefreshSession, SecondFactorRecord

if TYPE_CHECKING:
    from twinlock import Engine, Status

    from .session_store import NewSession

OPEN = (
    "Second-factor calls must not run inside an open transaction: a rollback would undo the verdict. "
    "Call them outside `atomic`, and mark the view `transaction.non_atomic_requests` under ATOMIC_REQUESTS."
)


Found = Union["tuple[bytes, int]", None]
"""A record and its version."""


class DjangoStore:
    """A `twinlock.stores.Store` over SecondFactorRecord. `engine` gives the engine that reads a status."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def load(self, subject: str) -> Found:
        """The record and its version, for a call that will decide; None for a user without one."""
        refuse_open_transaction()
        found = read(subject)
        if found is None and not users.exists(subject):
            raise Refused("not_enrolled")
        return found

    def save(
        self, subject: str, record: bytes, expected_version: int, session: NewSession | None = None
    ) -> bool:
        """Stores the record where the version is still the expected one; says whether it did.

        With a new session's row, which is stored with it or not at all.
        """
        status = self._engine().status(subject, record)
        values = {"record": record, "version": expected_version + 1}
        if session is None:
            values |= mirrors(status)
        else:  # whoever signed in had all else before, and an index that is not named is not written
            values |= moved_by_use(status)
            session.epoch = status.epoch
        alias = database()
        refuse_open_transaction(alias)
        with store_faults:
            if expected_version == 0:
                return despite_rivals(lambda: _insert(alias, subject, values))
            return despite_rivals(lambda: _update(alias, subject, expected_version, values, session))


class CallStore:
    """The store of one call, whose first load may have been made together with the user's row."""

    def __init__(self, store: DjangoStore, *found: Found) -> None:
        self._store = store
        self._found = list(found)
        self.session: NewSession | None = None
        """The row to store with the record."""

    def load(self, subject: str) -> Found:
        """What was loaded, once; whoever lost a race gets what is there now."""
        if not self._found:
            return self._store.load(subject)
        refuse_open_transaction()
        return self._found.pop()

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """As the store itself."""
        return self._store.save(subject, record, expected_version, self.session)


def find_user(subject: str) -> tuple[Any, Found, bool]:
    """The user or None, read where writes go; with the record in the same statement where that can be.

    The last value says whether the record was read at all.
    """
    model, alias = users.user_model(), database()
    if alias != router.db_for_write(model) or not statements.can_join(model):
        return users.find(subject), None, False
    pk = users.pk_of(subject)
    with store_faults:
        row = None if pk is None else statements.user_with_record(alias, model, pk)
    return (None, None, True) if row is None else (*row, True)


def database() -> str:
    """The alias that records are read from and written to: never a replica, since what is read decides."""
    return settings.DATABASE or router.db_for_write(SecondFactorRecord)


def refuse_open_transaction(alias: str | None = None) -> None:
    """Raises TransactionOpen where a verdict could be rolled back; `alias` is `database()`, where known."""
    alias = alias or database()
    connection = transaction.get_connection(alias)
    if not connection.in_atomic_block:
        if connection.connection is None:
            with store_faults:
                connection.ensure_connection()
        if not connection.autocommit:
            raise TransactionOpen(OPEN)
        return
    try:
        # Django's own rule, asked with an empty block: the outer blocks of its TestCase do not count.
        with transaction.atomic(using=alias, durable=True, savepoint=False):
            pass
    except RuntimeError as error:
        raise TransactionOpen(OPEN) from error


def read(subject: str) -> Found:
    """The record and its version, for a call that only looks; allowed inside a transaction."""
    pk = users.pk_of(subject)
    with store_faults:
        return None if pk is None else statements.load(database(), pk)


def rows(subject: str) -> Any:
    """The query for the subject's row."""
    return SecondFactorRecord._base_manager.using(database()).filter(pk=users.pk_of(subject))


def mirrors(status: Status) -> dict[str, Any]:
    """The readable columns for a status."""
    devices = status.devices
    ended = {} if status.enabled else {"recovery_requested_at": None, "recovery_approved_at": None}
    return {
        **ended,
        **moved_by_use(status),
        "enabled": status.enabled,
        "method": devices[0].kind if devices else "",
        "device_count": len(devices),
        "confirmed_at": when(min([device.created_at for device in devices], default=None)),
        "epoch": status.epoch,
    }


def moved_by_use(status: Status) -> dict[str, Any]:
    """Those that a sign-in moves."""
    return {
        "backup_codes_left": status.backup_codes_left,
        "locked_until": when(status.locked_until),
        "last_used_at": when(max([device.last_used_at for device in status.devices], default=None)),
    }


def _insert(alias: str, subject: str, values: dict[str, Any]) -> bool:
    row = SecondFactorRecord(user_id=users.pk_of(subject), **values)
    try:
        with transaction.atomic(using=alias, durable=True):
            row.save(using=alias, force_insert=True)
    except IntegrityError:  # another request was first, or the user is gone
        return False
    return True


def _update(
    alias: str,
    subject: str,
    expected_version: int,
    values: dict[str, Any],
    session: NewSession | None,
) -> bool:
    # One statement outside a transaction is durable when it returns; BEGIN and COMMIT would only add to it.
    if session is None:
        values["updated_at"] = timezone.now()
        return statements.replace(alias, users.pk_of(subject), expected_version, values)
    values["updated_at"] = session.created_at
    row = vars(session)
    return statements.replace_and_insert(
        alias, session.user_id, expected_version, values, RefreshSession, row
    )


@overload
def when(seconds: int) -> datetime.datetime: ...
@overload
def when(seconds: int | None) -> datetime.datetime | None: ...
def when(seconds: int | None) -> datetime.datetime | None:
    """Unix seconds as the project's columns take them."""
    if seconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(seconds, tz=datetime.timezone.utc)
    return moment if django_settings.USE_TZ else timezone.make_naive(moment)
