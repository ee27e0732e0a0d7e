"""Values on their way into a statement and out of one, as the fields of the models have them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Model

from ..models import SecondFactorRecord

WHOLE = frozenset((models.AutoField, models.BigAutoField, models.IntegerField, models.BigIntegerField))
"""Keys whose whole numbers every driver takes as they are."""
PLAIN = frozenset((models.CharField, models.TextField, models.BooleanField, models.BigIntegerField)) | {
    models.PositiveBigIntegerField,
    models.PositiveSmallIntegerField,
}
"""Fields of ours whose values every driver takes as they are, unlike times, bytes and addresses."""
PLAIN_IN: dict[str, dict[Any, type]] = {
    "sqlite": {models.BinaryField: bytes, models.GenericIPAddressField: str},
    "postgresql": {models.BinaryField: bytes},
}
"""Those whose values the driver of one database takes as they are, of this kind."""

_thread = threading.local()


def prepared(connection: Any, model: type[Model], values: Mapping[str, Any]) -> list[Any]:
    """The values, by the attributes of a model of ours, as the driver takes them."""
    found = list(values.values())
    for place, field, plain in _to_prepare(connection.vendor, model, tuple(values)):
        value = found[place]
        kind = type(value)
        if kind is datetime:  # aware or not as USE_TZ has it: `store.when` and `timezone.now` see to that
            found[place] = _adapted(connection, value)
        elif value is not None and kind is not plain:
            found[place] = field.get_db_prep_save(value, connection)
    return found


def of_replacement(connection: Any, pk: Any, expected_version: int, columns: Mapping[str, Any]) -> list[Any]:
    """The values of a record's new columns, then those that say over which record and version."""
    return [*prepared(connection, SecondFactorRecord, {**columns, "user_id": pk}), expected_version]


def _adapted(connection: Any, moment: datetime) -> Any:
    """The moment as the driver takes it. A database takes its own time zone's as a text without a zone."""
    if connection.vendor == "sqlite" and moment.tzinfo is connection.timezone:
        return moment.replace(tzinfo=None).isoformat(" ")
    return connection.ops.adapt_datetimefield_value(moment)


@lru_cache(maxsize=16)
def _to_prepare(
    vendor: str, model: type[Model], attributes: tuple[str, ...]
) -> list[tuple[int, Any, type | None]]:
    """Places and fields of the attributes that are not plain, and the kind of value that is plain there."""
    found: list[tuple[int, Any, type | None]] = []
    plain_here = PLAIN_IN.get(vendor, {})
    for place, name in enumerate(attributes):
        field = field_of(model, name)
        if type(field) not in PLAIN:
            key = type(getattr(field, "target_field", None))
            plain = int if key in WHOLE else plain_here.get(type(field))
            found.append((place, field, plain))
    return found


@lru_cache(maxsize=64)
def field_of(model: type[Model], attribute: str) -> Any:
    """The field of an attribute."""
    return next(field for field in model._meta.concrete_fields if field.attname == attribute)


def conversions(connection: Any, model: Any) -> list[tuple[int, list[Any], Any]]:
    """What turns a database's values into the model's: of the backend and of the fields, kept by thread."""
    kept = vars(_thread).setdefault("conversions", {})
    known = kept.get((connection.alias, model))
    if known is not None and known[0] is connection:
        found: list[tuple[int, list[Any], Any]] = known[1]
        return found
    columns = [field.get_col(model._meta.db_table) for field in model._meta.concrete_fields]
    both = [connection.ops.get_db_converters(col) + col.get_db_converters(connection) for col in columns]
    found = [(place, both[place], columns[place]) for place in range(len(columns)) if both[place]]
    kept[connection.alias, model] = (connection, found)
    return found


@lru_cache(maxsize=16)
def names(model: Any) -> list[str]:
    """The attributes of a model, in the order of its columns."""
    return [field.attname for field in model._meta.concrete_fields]
