"""Sessions of rotating refresh tokens, asymmetric keys and their public set."""

import json

import jwt as pyjwt
import pytest
from raised import fault, refusal

from twinlock import (
    CommitLost,
    Engine,
    JwtConfig,
    JwtKey,
    Policy,
    RecordFault,
    RefreshFamily,
    SecondFactor,
)


@pytest.fixture
def session(person, engine, start):
    return engine.begin_session(person.sign_in(), {"role": "admin"}, now=start)


def test_a_session_rotates_and_goes_on(person, engine, session, start):
    """JWT-10"""
    tokens, family = session
    assert (family.subject, family.created_at, family.revoked_at) == ("42", start, None)
    assert engine.session_of(tokens.refresh, now=start) == ("42", family.id)
    assert engine.verify(tokens.access, now=start)["fam"] == family.id
    stored = family.to_json()
    pending = person.auth.rotate(tokens.refresh, RefreshFamily.from_json(stored), now=start + 60)
    after = pending.family
    assert (after.id, after.rotated_at, after.expires_at) == (family.id, start + 60, start + 60 + 86400)
    assert after.ends_at == family.ends_at
    fresh = pending.commit(True)
    assert engine.verify(fresh.access, now=start + 60)["role"] == "admin"
    assert refusal(lambda: person.auth.refresh(fresh.refresh, now=start + 60)) == "token_invalid"


def test_a_rotation_that_was_not_stored_gives_nothing(person, session, start):
    tokens, family = session
    pending = person.auth.rotate(tokens.refresh, family, now=start)
    with pytest.raises(TypeError, match="stored must be bool"):
        pending.commit(1)
    with pytest.raises(CommitLost):
        pending.commit(False)
    assert fault(lambda: pending.commit(True)) == ("argument_invalid", "pending")
    assert fault(lambda: pending.family) == ("argument_invalid", "pending")


def test_sto_02_a_sign_in_and_its_session_are_one_decision(person, engine, start):
    """STO-02"""
    subject, challenge = "42", person.challenge()
    record, _ = person.auth.store.load(subject)
    guess = {"otp": person.phone.code(start), "now": start}
    decided = engine.finish_sign_in(record, challenge, **guess)
    pending = engine.with_session(decided, {"role": "admin"}, now=start)
    assert fault(lambda: decided.commit(True)) == ("argument_invalid", "pending")
    family = pending.family
    assert family.subject == subject
    assert pending.record != record
    with pytest.raises(CommitLost):
        pending.commit(False)

    def decide(subject, record):
        return engine.with_session(engine.finish_sign_in(record, challenge, **guess), now=start)

    signed_in = person.auth.settle(subject, decide)
    assert signed_in.method == "otp"
    assert engine.verify(signed_in.tokens.access, now=start)["fam"] == signed_in.family.id
    assert refusal(lambda: person.auth.settle(subject, decide)) == "challenge_spent"


def test_a_wrong_code_has_no_session_and_is_counted(person, engine, start):
    """STO-02"""
    challenge = person.challenge()
    families = []

    def decide(subject, record):
        wrong = engine.finish_sign_in(record, challenge, otp=person.phone.wrong_code(start), now=start)
        pending = engine.with_session(wrong, now=start)
        families.append(pending.family)
        return pending

    assert refusal(lambda: person.auth.settle("42", decide)) == "wrong_code"
    assert families == [None]
    assert person.auth.status("42", now=start).failures_in_a_row == 1


def test_only_what_a_sign_in_decided_gets_a_session(person, engine, start):
    record, _ = person.auth.store.load("42")
    other = engine.begin_sign_in("42", record, now=start)
    assert other.family is None
    assert fault(lambda: engine.with_session(other, now=start)) == ("argument_invalid", "pending")
    assert other.commit(True).outcome == "challenge"


def test_a_token_that_comes_back_ends_the_session(person, engine, session, start):
    """JWT-11"""
    tokens, family = session
    first = person.auth.rotate(tokens.refresh, family, now=start)
    rotated = first.family
    fresh = first.commit(True)
    again = person.auth.rotate(tokens.refresh, rotated, now=start + 5)
    assert again.family is None
    assert again.commit(True).refresh == fresh.refresh
    stolen = person.auth.rotate(tokens.refresh, rotated, now=start + 60)
    revoked = stolen.family
    assert revoked.revoked_at == start + 60
    assert refusal(lambda: stolen.commit(True)) == "token_reused"
    ended = person.auth.rotate(fresh.refresh, revoked, now=start + 60)
    assert refusal(lambda: ended.commit(True)) == "session_ended"


def test_a_session_ends_by_a_logout_and_with_the_epoch(person, session, start):
    tokens, family = session
    out = family.revoke(now=start + 1)
    assert (family.revoked_at, out.revoked_at) == (None, start + 1)
    gone = person.auth.rotate(tokens.refresh, out, now=start + 2)
    assert refusal(lambda: gone.commit(True)) == "session_ended"
    person.auth.bump_epoch("42", now=start + 3)
    dead = person.auth.rotate(tokens.refresh, family, now=start + 4)
    assert refusal(lambda: dead.commit(True)) == "token_invalid"


def test_a_state_is_read_strictly(session):
    _, family = session
    assert RefreshFamily.from_json(family.to_json().encode()).to_json() == family.to_json()
    for text in ("", "{}", "[]", family.to_json()[:-1], family.to_json().replace('"v":1', '"v":2')):
        assert fault(lambda text=text: RefreshFamily.from_json(text), RecordFault)[0] == "family_malformed"
    with pytest.raises(TypeError):
        RefreshFamily.from_json(json.loads(family.to_json()))


def test_the_lives_of_sessions_are_settings(ring, person, start):
    config = JwtConfig(family_life=3600, reuse_grace=0)
    assert (config.family_life, config.reuse_grace) == (3600, 0)
    assert (JwtConfig().family_life, JwtConfig().reuse_grace) == (30 * 86400, 10)
    engine = Engine(ring, Policy("Acme"), jwt=config)
    auth = SecondFactor(engine, person.auth.store)
    tokens, family = engine.begin_session(person.sign_in(), now=start)
    assert family.ends_at == start + 3600
    pending = auth.rotate(tokens.refresh, family, now=start)
    again = auth.rotate(tokens.refresh, pending.family, now=start)
    assert refusal(lambda: again.commit(True)) == "token_reused"
    wrong = Engine, (ring, Policy("Acme")), JwtConfig(reuse_grace=61)
    assert fault(lambda: wrong[0](*wrong[1], jwt=wrong[2])) == ("option_out_of_range", "reuse_grace")


KEYS = {"EdDSA": "ed25519", "ES256": "p256", "ES384": "p384", "RS256": "rsa", "PS512": "rsa"}


@pytest.mark.parametrize(("algorithm", "name"), KEYS.items())
def test_an_asymmetric_key_signs_and_its_public_half_verifies(
    repository, ring, person, start, algorithm, name
):
    """JWT-16"""
    pem = (repository / "tests" / "vectors" / "keys" / f"{name}_pkcs8.pem").read_text()
    key = JwtKey.from_pem(algorithm, pem)
    engine = Engine(ring, Policy("Acme"), jwt=JwtConfig(keys=[key, JwtKey.hmac("HS256", "k" * 32)]))
    tokens = engine.mint(person.sign_in(), now=start)
    (public,) = engine.jwks()["keys"]
    assert (public["kid"], public["alg"], "d" in public) == (key.id, algorithm, False)
    options = {"verify_exp": False, "verify_iat": False, "verify_aud": False, "verify_nbf": False}
    claims = pyjwt.decode(tokens.access, pyjwt.PyJWK(public).key, [algorithm], options=options)
    assert claims["sub"] == "42"

    verifier = JwtKey.from_jwk(json.dumps(public))
    assert (verifier.id, verifier.algorithm, repr(verifier)) == (key.id, algorithm, f"JwtKey({algorithm})")
    assert (
        fault(lambda: Engine(ring, Policy("Acme"), jwt=JwtConfig(keys=[verifier])))[0]
        == "jwt_key_verify_only"
    )
    moved_on = JwtConfig(keys=[JwtKey.hmac("HS256", "n" * 32), verifier])
    assert Engine(ring, Policy("Acme"), jwt=moved_on).verify(tokens.access, now=start) == claims


def test_keys_that_cannot_be_read_are_refused_and_not_repeated(repository):
    folder = repository / "tests" / "vectors" / "keys"
    read = lambda name: (folder / f"{name}.pem").read_text()
    assert fault(lambda: JwtKey.from_pem("RS256", read("rsa_1024_pkcs8")))[0] == "jwt_key_weak"
    assert fault(lambda: JwtKey.from_pem("ES256", read("rsa_pkcs8")))[0] == "jwt_algorithm_unknown"
    assert fault(lambda: JwtKey.from_pem("HS257", ""))[0] == "jwt_algorithm_unknown"
    for text in ("", "MARKER", read("p256_encrypted")):
        assert fault(lambda text=text: JwtKey.from_pem("ES256", text))[0] == "jwt_key_malformed"
        assert fault(lambda text=text: JwtKey.from_jwk(text))[0] == "jwt_key_malformed"
    with pytest.raises(TypeError, match="^json must be str"):
        JwtKey.from_jwk({"kty": "oct"})


def test_without_asymmetric_keys_the_public_set_is_empty(engine):
    assert engine.jwks() == {"keys": []}
