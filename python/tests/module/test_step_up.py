"""Step-up: the second factor once more for one purpose, and the tokens that show it."""

import pytest
from raised import fault, refusal

from twinlock import TwinlockError


@pytest.fixture
def session(person, engine, start):
    """The tokens of a session that began a minute ago."""
    return engine.mint(person.sign_in(), {"tenant": 7}, now=start)


def test_a_step_up_makes_an_access_token_for_one_purpose(person, engine, session, start):
    """API-09"""
    now = start + 60
    proof = person.auth.step_up(
        "42", purpose="payout", session=session.access, otp=person.phone.code(now), now=now
    )
    assert (proof.purpose, proof.method, proof.device_id) == ("payout", "otp", person.enrolled.device_id)
    assert fault(lambda: engine.mint(proof, now=now)) == ("argument_invalid", "proof")
    proof = person.auth.step_up(
        "42", purpose="payout", session=session.access, otp=person.phone.code(now + 30), now=now + 30
    )
    stepped = engine.mint_access(proof, {"till": 3}, now=now + 30)
    claims = engine.verify(stepped.access, now=now + 30)
    before = engine.verify(session.access, now=now)
    assert (claims["purpose"], claims["tenant"], claims["till"]) == ("payout", 7, 3)
    assert (claims["fam"], claims["amr"]) == (before["fam"], ["pwd", "otp", "mfa"])
    assert (proof.purpose, proof.device_id) == ("payout", person.enrolled.device_id)

    require = lambda purpose, now, **options: engine.require_step_up(
        stepped.access, purpose, now=now, **options
    )
    assert require("payout", now + 60) == claims
    assert refusal(lambda: require("close_account", now + 60)) == "second_factor_required"
    assert refusal(lambda: require("payout", now + 61, max_age=30)) == "second_factor_required"
    assert refusal(lambda: require("payout", now + 600)) == "token_expired"
    with pytest.raises(TypeError, match="^max_age must be int"):
        require("payout", now, max_age="30")
    assert fault(lambda: require("payout", now, max_age=-1)) == ("option_out_of_range", "max_age")


def test_a_step_up_takes_the_place_of_a_code_for_its_own_action_only(person, engine, start):
    now = start + 60
    step = lambda purpose, now: (
        engine.mint_access(
            person.auth.step_up("42", purpose=purpose, otp=person.phone.code(now), now=now), now=now
        ).access
    )
    other = step("disable", now)
    regenerate = lambda token: person.auth.regenerate_backup_codes("42", step_up=token, now=now + 30)
    assert refusal(lambda: regenerate(other)) == "second_factor_required"
    assert len(regenerate(step("regenerate_backup_codes", now + 30))) == 10
    person.auth.disable("42", step_up=other, now=now + 30)
    assert not person.auth.status("42", now=now + 30).enabled


def test_claims_are_taken_from_a_verified_token_and_never_from_a_dict(person, engine, session, start):
    """CHL-07: whoever could hand in claims could forge them."""
    claims = engine.verify(session.access, now=start)
    for forged in (claims, [session.access], 5):
        for call in (
            lambda forged=forged: person.auth.disable("42", step_up=forged, now=start),
            lambda forged=forged: engine.require_step_up(forged, "x", now=start),
            lambda forged=forged: person.auth.step_up("42", purpose="x", session=forged, otp="1", now=start),
        ):
            with pytest.raises(TypeError):
                call()
    altered = session.access[:-8] + "AAAAAAAA"
    for token, code in (
        (altered, "token_invalid"),
        (session.refresh, "token_invalid"),
        ("", "token_invalid"),
    ):
        assert refusal(lambda token=token: person.auth.disable("42", step_up=token, now=start)) == code
        assert refusal(lambda token=token: engine.require_step_up(token, "x", now=start)) == code
    assert refusal(lambda: engine.require_step_up(session.access, "x", now=start + 301)) == "token_expired"
    assert person.auth.status("42", now=start).failures_today == 0


def test_the_session_must_be_the_subjects_own(person, enroll, engine, session, start):
    other = enroll(person.auth, "43")
    call = lambda: person.auth.step_up(
        "43", purpose="x", session=session.access, otp=other.phone.code(start), now=start
    )
    assert refusal(call) == "second_factor_required"


def test_a_purpose_is_a_short_word_and_an_answer_is_needed(person, start):
    step = lambda purpose, **answer: person.auth.step_up("42", purpose=purpose, now=start, **answer)
    for purpose in ("", "Payout", "x" * 65, "a b"):
        assert fault(lambda purpose=purpose: step(purpose, otp="1")) == ("argument_invalid", "purpose")
    assert fault(lambda: step("x")) == ("argument_invalid", "exactly one of otp, backup and any")
    assert refusal(lambda: step("x", otp=person.phone.wrong_code(start))) == "wrong_code"
    assert person.auth.status("42", now=start).failures_today == 1


def test_an_access_token_may_be_minted_alone(person, engine, start):
    alone = engine.mint_access(person.sign_in(), {"a": 1}, now=start)
    assert engine.verify(alone.access, now=start)["a"] == 1
    assert alone.access_expires_at == start + 300
    assert engine.require_step_up(alone.access, "anything", now=start)["sub"] == "42"


def test_a_sliding_token_opens_and_slides(person, engine, start):
    """JWT-13"""
    sliding = engine.mint_sliding(person.sign_in(), {"a": 1}, now=start)
    assert sliding.expires_at == start + 300
    claims = engine.verify(sliding.token, "sliding", now=start)
    assert (claims["token_type"], claims["a"]) == ("sliding", 1)
    assert engine.require_step_up(sliding.token, "x", now=start) == claims
    for kind in ("access", "refresh"):
        assert refusal(lambda kind=kind: engine.verify(sliding.token, kind, now=start)) == "token_invalid"
    later = person.auth.refresh_sliding(sliding.token, now=start + 200)
    assert later.expires_at == start + 500
    assert engine.verify(later.token, "sliding", now=start + 400)["a"] == 1
    assert refusal(lambda: person.auth.refresh_sliding(sliding.token, now=start + 301)) == "token_expired"
    person.auth.bump_epoch("42", now=start + 210)
    assert refusal(lambda: person.auth.refresh_sliding(later.token, now=start + 220)) == "token_invalid"
    tokens = engine.mint(person.sign_in(start + 240), now=start + 240)
    with pytest.raises(TwinlockError):
        person.auth.refresh_sliding(tokens.access, now=start + 240)
