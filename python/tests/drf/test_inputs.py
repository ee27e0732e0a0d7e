"""Requests are read as DRF reads them, with less looking around."""

import functools

import pytest
from django.http import QueryDict
from rest_framework import serializers

from twinlock.drf.serializers import codes, devices, recovery, sessions, sign_in, step_up, tokens
from twinlock.drf.serializers.base import Input

MODULES = (codes, devices, recovery, sessions, sign_in, step_up, tokens)
KINDS = {kind for module in MODULES for kind in vars(module).values() if isinstance(kind, type)}
INPUTS = sorted((kind for kind in KINDS if issubclass(kind, Input)), key=lambda kind: kind.__name__)
VALUES = ("x", "", "  x ", "x" * 3000, "a\0b", "\ud800", 7, 1.5, True, None, [], {}, "true")


def bodies(names):
    """Each value in each field alone and in all, as JSON and as a form."""
    yield from ({}, [], "text", 5)
    for value in VALUES:
        for fields in ([name] for name in names):
            yield dict.fromkeys(fields, value)
        yield dict.fromkeys(names, value)
        form = QueryDict(mutable=True)
        for name in names:
            form[name] = value
        yield form


def outcome(read):
    try:
        return read()
    except serializers.ValidationError as error:
        return error.get_full_details()


@pytest.mark.parametrize("kind", INPUTS)
def test_a_request_is_read_as_drf_reads_it(kind):
    ours, theirs = kind(), kind()
    theirs.to_internal_value = lambda data: serializers.Serializer.to_internal_value(theirs, data)
    theirs.run_validators = lambda value: serializers.Serializer.run_validators(theirs, value)
    for field in theirs.fields.values():
        field.run_validators = functools.partial(serializers.Field.run_validators, field)
    for body in bodies(list(ours.fields)):
        expected = outcome(lambda: theirs.run_validation(body))
        assert outcome(lambda: ours.run_validation(body)) == expected, body


@pytest.mark.parametrize("kind", INPUTS)
def test_fields_are_what_reading_takes_them_for(kind):
    """Flat, under their own names, to be written, and judged together by no validator of the class."""
    made = kind()
    for name, field in made.fields.items():
        assert (field.source, field.read_only) == (name, False)
        assert not isinstance(field, serializers.BaseSerializer)
    assert not serializers.Serializer.get_validators(made)
