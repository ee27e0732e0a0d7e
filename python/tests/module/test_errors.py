"""FFI-14: one table of codes, one class for each kind; every one survives being sent between processes."""

import copy
import pickle
import re

import pytest

import twinlock
from twinlock import errors
from twinlock._twinlock import ERROR_CODES

CLASSES = [getattr(errors, name) for name in errors.__all__]
KEY_CODES = {name for name in ERROR_CODES if name.startswith("key_")}


def test_the_table_is_the_cores_own(repository):
    source = (repository / "src" / "error.rs").read_text()
    rows = re.findall(r'^    (-?\d+) \w+ "(\w+)" "([^"]+)"$', source, re.MULTILINE)
    assert {name: (int(number), message) for number, name, message in rows} == ERROR_CODES
    assert len(rows) > 50


def test_refusals_and_faults_keep_to_their_sign():
    for name, (number, message) in ERROR_CODES.items():
        own, other = (errors.Refused, errors.Fault) if number > 0 else (errors.Fault, errors.Refused)
        error = own(name)
        assert (error.code, error.number, str(error)) == (name, number, message)
        with pytest.raises(LookupError):
            other(name)
    with pytest.raises(LookupError):
        errors.Refused("no_such_code")


def test_the_tree_of_classes():
    assert errors.Fault("key_unknown").about is None
    assert str(errors.Fault("name_invalid", "issuer")).startswith("issuer: ")
    assert errors.Refused("locked", 30).retry_after == 30
    assert errors.Refused("wrong_code").retry_after is None
    for kind in CLASSES:
        assert issubclass(kind, errors.TwinlockError)
        assert issubclass(kind, Exception)
        assert getattr(twinlock, kind.__name__) is kind
    assert issubclass(errors.ArgumentFault, ValueError)
    assert issubclass(errors.TransactionOpen, errors.StoreFault)
    assert not issubclass(errors.CommitLost, errors.Fault)
    codes = [errors.StoreFault().code, errors.TransactionOpen().code, errors.InternalFault().code]
    assert [*codes, errors.CommitLost().code] == ["store_failed", "transaction_open", "panic", "commit_lost"]
    assert str(errors.TransactionOpen("commit first")) == "commit first"


@pytest.mark.parametrize(
    "error",
    [
        errors.Refused("locked", 30),
        errors.Fault("random_unavailable"),
        errors.ArgumentFault("name_invalid", "issuer"),
        errors.KeyFault("key_unknown"),
        errors.RecordFault("record_malformed"),
        errors.StoreFault(),
        errors.TransactionOpen("commit first"),
        errors.InternalFault(),
        errors.CommitLost(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_exceptions_survive_pickling_and_copying(error):
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert (again.code, again.number, str(again)) == (error.code, error.number, str(error))
        assert getattr(again, "retry_after", None) == getattr(error, "retry_after", None)
        assert getattr(again, "about", None) == getattr(error, "about", None)
        assert repr(again) == repr(error)


def test_the_module_picks_the_class_by_whose_fault_it_is(engine, ring, start):
    raised = {
        errors.KeyFault: lambda: twinlock.KeyRing.parse(""),
        errors.RecordFault: lambda: engine.status("42", b"TL" + bytes(60), now=start),
        errors.ArgumentFault: lambda: engine.status("", None, now=start),
        errors.Refused: lambda: engine.verify("a.b.c", now=start),
    }
    for kind, call in raised.items():
        with pytest.raises(kind) as caught:
            call()
        assert type(caught.value) is kind
        assert caught.value.__traceback__ is not None
    other = twinlock.vault.seal(twinlock.KeyRing.generate(), "42", b"")
    with pytest.raises(errors.KeyFault, match="not in the key ring"):
        twinlock.vault.open(ring, "42", other)
