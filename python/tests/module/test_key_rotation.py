"""Key rotation from Python: providers, ciphers, sealing anew, and which keys are still needed."""

import pytest
from raised import fault

from twinlock import Engine, KeyFault, KeyRing, Policy, RecordFault, SecondFactor, vault


@pytest.fixture
def rotated(keys):
    return KeyRing.parse(f"{KeyRing.generate().to_text()},{keys}")


def test_a_ring_is_fetched_from_where_the_host_keeps_it(keys):
    """SEA-04"""
    other = KeyRing.generate()
    both = [*KeyRing.parse(keys).ids, *other.ids]
    for given in (f"{keys} {other.to_text()}", f"{keys},{other.to_text()}".encode()):
        assert KeyRing.fetch(lambda given=given: given).ids == both
    assert KeyRing.fetch(lambda: [keys, other.to_text().encode()]).ids == both
    assert KeyRing.fetch(lambda: iter((keys, other.to_text()))).ids == both


def test_what_a_provider_raises_is_the_cause_of_a_key_fault():
    def broken():
        raise OSError("vault sealed: hunter2")

    with pytest.raises(KeyFault) as caught:
        KeyRing.fetch(broken)
    assert (caught.value.code, type(caught.value.__cause__)) == ("key_provider_failed", OSError)
    assert "hunter2" not in str(caught.value)

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        KeyRing.fetch(interrupted)


def test_what_a_provider_gives_is_checked(keys):
    assert fault(lambda: KeyRing.fetch(list), KeyFault)[0] == "key_missing"
    assert fault(lambda: KeyRing.fetch(lambda: ["nonsense"]), KeyFault)[0] == "key_malformed"
    assert fault(lambda: KeyRing.fetch(lambda: [keys, keys]), KeyFault)[0] == "key_duplicate"
    for given in (5, None, [5], [None]):
        with pytest.raises(TypeError):
            KeyRing.fetch(lambda given=given: given)
    with pytest.raises(TypeError):
        KeyRing.fetch(keys)


def test_secrets_are_sealed_anew_and_counted(ring, rotated):
    """SEA-05"""
    old = vault.seal(ring, "42", b"a small secret")
    usage = vault.KeyUsage(rotated)
    assert usage.add(old) == vault.key_id(old) == ring.ids[0]
    assert usage.counts == {rotated.ids[0]: 0, ring.ids[0]: 1}
    assert not usage.is_droppable(ring.ids[0])
    anew = vault.reseal(rotated, "42", old)
    assert vault.open(rotated, "42", anew) == b"a small secret"
    assert vault.key_id(anew) == rotated.ids[0]
    assert vault.reseal(rotated, "42", anew) is None
    usage = vault.KeyUsage(rotated)
    usage.add(anew)
    assert (usage.is_droppable(ring.ids[0]), usage.is_droppable(rotated.ids[0])) == (True, False)
    assert usage.is_droppable("0" * 16)
    assert repr(usage) == f"KeyUsage({usage.counts!r})"
    assert fault(lambda: usage.add(b"nonsense"), RecordFault)[0] == "envelope_malformed"


def test_envelopes_have_a_text_form(ring):
    sealed = vault.seal(ring, "42", b"x")
    text = vault.to_text(sealed)
    assert text.startswith("VEwB")
    assert vault.from_text(text) == vault.from_text(text.encode()) == sealed
    for bad in ("", text + "=", text[:20], "ä"):
        assert fault(lambda bad=bad: vault.from_text(bad), RecordFault)[0] == "envelope_malformed"


def test_a_ring_has_a_cipher_and_refuses_the_other_where_it_must(ring):
    """SEA-12"""
    assert ring.cipher == "xchacha20-poly1305"
    fips = ring.with_cipher("aes-256-gcm")
    assert (fips.cipher, fips.ids) == ("aes-256-gcm", ring.ids)
    sealed = vault.seal(fips, "42", b"x")
    assert sealed[3] == 2
    assert vault.open(ring, "42", sealed) == b"x"
    assert (
        fault(lambda: vault.open(fips, "42", vault.seal(ring, "42", b"x")), RecordFault)[0]
        == "cipher_refused"
    )
    assert fault(lambda: ring.with_cipher("rot13")) == ("option_out_of_range", "cipher")


def test_a_record_is_sealed_anew_and_opens_without_the_old_key(person, rotated, ring, start):
    auth = SecondFactor(Engine(rotated, Policy("Acme")), person.auth.store)
    record, version = auth.store.load("42")
    assert auth.engine.keys_needed("42", record) == ring.ids
    usage = vault.KeyUsage(rotated)
    assert usage.add_record(auth.engine, "42", record) == ring.ids
    assert usage.counts[ring.ids[0]] == 1
    assert auth.reseal("42") is True
    assert auth.reseal("42") is False
    assert auth.reseal("nobody") is False
    record, after = auth.store.load("42")
    assert (auth.engine.keys_needed("42", record), after) == (rotated.ids[:1], version + 1)
    alone = SecondFactor(Engine(KeyRing.parse(rotated.to_text().split(",")[0]), Policy("Acme")), auth.store)
    challenge = alone.begin_sign_in("42", now=start).challenge
    assert alone.finish_sign_in(challenge, backup=person.backup_codes[0], now=start)


def test_a_reseal_that_loses_its_race_looks_again(person, rotated, start):
    class Rival:
        def __init__(self, inner):
            self.inner, self.lost = inner, 0
            self.load = inner.load

        def save(self, *given):
            self.lost += 1
            return self.lost > 1 and self.inner.save(*given)

    store = Rival(person.auth.store)
    assert SecondFactor(Engine(rotated, Policy("Acme")), store).reseal("42") is True
    assert store.lost == 2


def test_inspect_says_what_a_record_holds_and_nothing_secret(person, engine, start):
    record, _ = person.auth.store.load("42")
    facts = engine.inspect("42", record)
    (device,) = facts["devices"]
    assert (device["id"], device["spent"]["steps"]) == (person.enrolled.device_id, [(start - 60) // 30])
    assert facts["backup_codes"] == {"left": 10, "total": 10, "created_at": start - 60}
    assert fault(lambda: engine.inspect("43", record), RecordFault)[0] == "envelope_rejected"
    with pytest.raises(TypeError):
        engine.inspect("42", None)
