"""CHL-01, CHL-08: the frozen challenges are what PyJWT reads, and exactly the good ones count."""

import jwt
import pytest

from twinlock import Engine, KeyRing, Policy, Refused


@pytest.fixture
def frozen(vectors):
    return vectors("jwt_challenge")


@pytest.fixture
def engine(frozen):
    return Engine(KeyRing.parse(frozen["key_ring"]), Policy(issuer=frozen["audience"]))


def answer(engine, case, now):
    """Why a challenge was refused; a good one is refused for its user, who has no second factor."""
    pending = engine.finish_sign_in(None, case["token"], any="123456", binding=case["binding"], now=now)
    with pytest.raises(Refused) as refused:
        pending.commit(True)
    return refused.value.code


def test_frozen_challenges_are_what_pyjwt_reads(frozen):
    keys = {key["kid"]: bytes.fromhex(key["challenge_sub_key"]) for key in frozen["keys"]}
    assert frozen["accepted"]
    for case in frozen["accepted"]:
        header = jwt.get_unverified_header(case["token"])
        options = {"verify_exp": False, "verify_iat": False}
        audience = frozen["audience"]
        claims = jwt.decode(case["token"], keys[header["kid"]], ["HS256"], options, audience=audience)
        assert header == case["header"], case["name"]
        assert claims == case["claims"], case["name"]


def test_frozen_challenges_count_and_tell_whose_they_are(frozen, engine):
    for case in frozen["accepted"]:
        assert answer(engine, case, frozen["now"]) == "not_enrolled", case["name"]
        assert engine.challenge_subject(case["token"], now=frozen["now"]) == case["claims"]["sub"]


def test_whatever_is_wrong_with_a_challenge_the_answer_is_one(frozen, engine):
    assert len(frozen["rejected"]) >= 100
    for case in frozen["rejected"]:
        assert answer(engine, case, case["now"]) == "challenge_invalid", case["name"]
