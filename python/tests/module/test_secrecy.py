"""SEA-11: nothing secret shows in repr, str, format, pickle or copy, nor in an exception."""

import copy
import pickle

import pytest

from twinlock import (
    Engine,
    JwtConfig,
    JwtKey,
    Policy,
    RefreshFamily,
    SecondFactor,
    Secret,
    TwinlockError,
    otpauth,
    totp,
    vault,
)

EXPORT = (
    "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC"
)


@pytest.fixture
def objects(auth, engine, ring, enroll, person, start):
    """One object of each class, and the secrets that they hold."""
    setup = auth.begin_enrollment("7", account="a", now=start)
    proof = person.sign_in()
    tokens = engine.mint(person.sign_in(start + 60), now=start + 60)
    refreshed = auth.refresh(tokens.refresh, now=start + 60)
    login = auth.begin_sign_in("42", now=start)
    record = auth.store.load("42")[0]
    key = JwtKey.hmac("HS256", b"top secret key of thirty-two byte")
    secret = Secret.generate()
    uri = otpauth.parse(setup.uri)
    found = [ring, engine, secret, key, JwtConfig(keys=[key]), setup, person.enrolled, login, proof, tokens]
    found += [refreshed, uri, engine.unlock("42", record, now=start)]
    own = _of_the_whole_engine(auth, ring, enroll, start)
    found += own[0]
    secrets = [ring.to_text(), secret.to_base32(), setup.secret, setup.uri, login.challenge, tokens.access]
    secrets += [tokens.refresh, refreshed.access, *person.backup_codes, "top secret key"]
    return found, secrets + own[1]


def _of_the_whole_engine(auth, ring, enroll, start):
    policy = Policy("Acme", fallback="sent_code", sent_codes="sign_in", trusted_devices=1)
    site = SecondFactor(Engine(ring, policy), auth.store)
    other = enroll(site, "whole")
    sent = site.begin_sign_in("nobody", now=start)
    trust = site.trust_device("whole", other.sign_in(), "laptop", now=start)
    strict = Engine(ring, Policy("Acme", fallback="enroll"))
    enrollment = strict.begin_sign_in("nobody", None, now=start).commit(True).enrollment
    sliding = site.engine.mint_sliding(other.sign_in(start + 30), now=start + 30)
    tokens, family = site.engine.begin_session(other.sign_in(start + 60), now=start + 60)
    rotation = site.rotate(tokens.refresh, family, now=start + 60)
    export = otpauth.parse_migration(EXPORT, minimum="legacy")
    found = [sent, sent.sent_code, trust, enrollment, sliding, family, rotation, export, vault.KeyUsage(ring)]
    secrets = [sent.sent_code.code, trust.token, enrollment.token, sliding.token, tokens.refresh]
    return found, [*secrets, export.accounts[0].secret.to_base32()]


def test_no_secret_shows_in_any_text_form(objects):
    found, secrets = objects
    for thing in found:
        for shown in (repr(thing), str(thing), f"{thing}", format(thing, ""), ascii(thing)):
            assert type(thing).__name__ in shown
            for secret in secrets:
                assert secret not in shown


def test_they_can_be_neither_pickled_nor_copied(objects):
    found, _ = objects
    assert len({type(thing) for thing in found}) == 21
    for thing in found:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(thing, protocol)
        for way in (copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="can be neither pickled nor copied"):
                way(thing)


def test_they_take_no_attributes_and_have_no_dict(objects):
    found, _ = objects
    for thing in found:
        assert not hasattr(thing, "__dict__")
        with pytest.raises(AttributeError):
            thing.extra = 1


def test_equality_is_identity_so_that_nobody_compares_secrets_in_variable_time(start):
    secret = Secret.from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert secret != Secret.from_base32(secret.to_base32())


def test_no_exception_repeats_what_was_given(engine, ring, start):
    marks = ["MARKER", "mark@er", "GEZDGNBVGY3TQOJQ1"]
    calls = [
        lambda text: totp.generate(text),
        lambda text: Secret.from_base32(text),
        lambda text: otpauth.parse("otpauth://totp/x?secret=" + text),
        lambda text: engine.verify(text, now=start),
        lambda text: engine.challenge_subject(text, now=start),
        lambda text: engine.status("42", text.encode(), now=start),
        lambda text: engine.begin_enrollment("4", None, account=text + ":", now=start),
        lambda text: type(ring).parse(text),
        lambda text: JwtKey.hmac("HS256", text),
        lambda text: JwtKey.from_pem("ES256", text),
        lambda text: JwtKey.from_jwk(text),
        lambda text: otpauth.parse_migration("otpauth-migration://offline?data=" + text),
        lambda text: engine.require_step_up(text, "x", now=start),
        lambda text: engine.disable("42", None, step_up=text, now=start),
        lambda text: engine.import_backup_codes("42", None, [text], scheme="sha256"),
        lambda text: engine.enrollment_subject(text, now=start),
        lambda text: engine.session_of(text, now=start),
        lambda text: RefreshFamily.from_json(text),
        lambda text: vault.from_text(text),
        lambda text: Policy("Acme", fallback=text),
        lambda text: engine.status(text + "\0", None, now=start),
        lambda text: engine.status(text + "\ud800", None, now=start),
    ]
    for call in calls:
        for mark in marks:
            with pytest.raises(TwinlockError) as caught:
                call(mark)
            chain = [caught.value, caught.value.__cause__, caught.value.__context__]
            for error in filter(None, chain):
                assert mark not in repr(error)
                assert mark not in str(error)
