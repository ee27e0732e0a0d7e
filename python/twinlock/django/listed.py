"""The store of records as the rotation of keys goes through it."""

from __future__ import annotations

from . import users
from .faults import store_faults
from .models import SecondFactorRecord
from .store import DjangoStore, Found, database, read, refuse_open_transaction


class ListedDjangoStore(DjangoStore):
    """A `twinlock.stores.ListedStore`: subjects in the order of the users' primary keys."""

    def load(self, subject: str) -> Found:
        """The record and its version; None where the record or its user is gone meanwhile."""
        refuse_open_transaction()
        return read(subject)

    def subjects(self, after: str = "", limit: int = 1000) -> tuple[list[str], str]:
        """At most so many subjects, and what to pass as `after` to go on; nothing at the end."""
        found = SecondFactorRecord._base_manager.using(database()).order_by("user_id")
        if after:
            found = found.filter(user_id__gt=users.pk_of(after))
        with store_faults:
            keys = [str(pk) for pk in found.values_list("user_id", flat=True)[:limit]]
        return keys, keys[-1] if len(keys) == limit else ""
