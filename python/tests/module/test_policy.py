"""Policy: every option of the core's tables, by its name."""

import re

import pytest
from raised import fault

from twinlock import ArgumentFault, Engine, Policy

SAMPLES = {
    "algorithm": "SHA512",
    "fallback": "sent_code",
    "sent_codes": "sign_in",
    "sent_alphabet": "letters",
    "opt_out": "allowed",
    "cipher": "aes-256-gcm",
}


def test_every_option_of_the_core_is_there(repository):
    source = (repository / "src" / "engine" / "policy.rs").read_text()
    numbers = re.findall(r"^    (\w+): (\d+), (\d+)\.\.=(\d+);$", source, re.MULTILINE)
    assert len(numbers) >= 24
    rows = [(row["name"], row["default"], row["min"], row["max"]) for row in Policy.OPTIONS]
    assert rows == [(name, *map(int, bounds)) for name, *bounds in numbers]
    words = re.findall(r'PolicyChoice \{\s*name: "(\w+)"', source)
    assert [row["name"] for row in Policy.CHOICES] == words
    shown = repr(Policy("Acme"))
    for name in [name for name, *_ in numbers] + words:
        assert hasattr(Policy("Acme"), name)
        assert f", {name}=" in shown


@pytest.mark.parametrize("row", Policy.CHOICES, ids=lambda row: row["name"])
def test_an_option_that_is_a_word_takes_its_words_and_no_others(row):
    name, words = row["name"], row["words"]
    assert getattr(Policy("Acme"), name) == words[0]
    assert row["doc"].endswith(".")
    for word in words:
        policy = Policy("Acme", **{name: word})
        assert getattr(policy, name) == word
        assert f"{name}='{word}'" in repr(policy)
    code = "algorithm_unknown" if name == "algorithm" else "option_out_of_range"
    for word in ("", words[0] + "!", "none"):
        assert fault(lambda word=word: Policy("Acme", **{name: word}))[0] == code
    for value in (True, 1, None, [words[0]]):
        with pytest.raises(TypeError, match=f"^{name} must be str"):
            Policy("Acme", **{name: value})


def test_the_repr_of_a_policy_makes_it_again():
    policy = Policy("Acme", digits=8, devices=3, **SAMPLES)
    assert repr(eval(repr(policy), {"Policy": Policy})) == repr(policy)


def test_a_policy_reaches_its_engine(ring):
    kept = Engine(ring, Policy("Acme", trusted_devices=2, **SAMPLES)).policy
    assert {name: getattr(kept, name) for name in SAMPLES} == SAMPLES
    assert kept.trusted_devices == 2
    lonely = Policy("Acme", fallback="sent_code")
    assert fault(lambda: Engine(ring, lonely)) == ("option_out_of_range", "sent_codes")


def test_the_policy_sets_what_new_devices_are(ring, start):
    engine = Engine(ring, Policy("Acme", algorithm="SHA512", digits=7, period=60))
    uri = engine.begin_enrollment("7", None, account="a", digits=8, now=start).commit(True).uri
    assert uri.endswith("&algorithm=SHA512&digits=8&period=60")
    counter = engine.begin_enrollment("7", None, account="a", kind="hotp", now=start).commit(True).uri
    assert counter.endswith("&algorithm=SHA512&digits=7&counter=0")


@pytest.mark.parametrize("row", Policy.OPTIONS, ids=lambda row: row["name"])
def test_a_numeric_option_is_readable_and_bounded(row):
    name = row["name"]
    make = lambda value: Policy("Acme", **{name: value})
    assert getattr(Policy("Acme"), name) == row["default"]
    assert getattr(make(row["max"]), name) == row["max"]
    assert row["doc"].endswith(".")
    for value in (row["min"] - 1, row["max"] + 1, -1, 2**31, 2**70, -(2**70)):
        assert fault(lambda value=value: make(value)) == ("option_out_of_range", name)
    for value in (True, 1.0, "6", None):
        with pytest.raises(TypeError, match=f"^{name} must be int"):
            make(value)


def test_an_unknown_option_is_named():
    with pytest.raises(ArgumentFault, match="^diggits: There is no option of that name.$") as caught:
        Policy("Acme", diggits=6)
    assert (caught.value.code, caught.value.about) == ("option_unknown", "diggits")


def test_an_engine_refuses_a_policy_that_contradicts_itself(ring):
    locks = Policy("Acme", lock_seconds=60, lock_seconds_max=30)
    assert fault(lambda: Engine(ring, locks)) == ("option_out_of_range", "lock_seconds_max")
    assert fault(lambda: Engine(ring, Policy("Ac:me"))) == ("name_invalid", "issuer")
