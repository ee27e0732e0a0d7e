"""What a passed first factor leads to: a proof, a challenge, a sent code, a trusted device, an enrollment."""

import pytest
from raised import fault, refusal

from twinlock import Engine, Policy, SecondFactor, totp
from twinlock.stores import MemoryStore


@pytest.fixture
def site(ring):
    """Make a SecondFactor whose policy has some options."""
    return lambda **options: SecondFactor(Engine(ring, Policy("Acme", **options)), MemoryStore())


def others(login):
    names = ("challenge", "proof", "sent_code", "trust", "enrollment")
    return {name for name in names if getattr(login, name) is not None}


def test_each_outcome_says_what_it_is_and_holds_nothing_else(site, enroll, start):
    plain = site()
    login = plain.begin_sign_in("7", now=start)
    assert (login.outcome, others(login), login.gives) == ("proof", {"proof"}, None)
    login = plain.begin_sign_in(enroll(plain).subject, now=start)
    assert (login.outcome, others(login), login.gives) == ("challenge", {"challenge"}, "sign_in")
    assert repr(login) == 'SignIn(outcome=\'challenge\', methods=["otp", "backup"])'
    login = site(fallback="enroll").begin_sign_in("7", now=start)
    assert (login.outcome, others(login), login.methods) == ("enroll", {"enrollment"}, [])
    assert login.enrollment.expires_at == start + 900


def test_a_sent_code_signs_in_once(site, start):
    auth = site(fallback="sent_code", sent_codes="sign_in", sent_length=8)
    login = auth.begin_sign_in("7", now=start)
    assert (login.outcome, others(login), login.methods) == ("send", {"challenge", "sent_code"}, ["sent"])
    assert (login.gives, login.expires_at, login.sent_code.expires_at) == (
        "sign_in",
        start + 300,
        start + 300,
    )
    assert login.sent_code.code.isdigit()
    assert len(login.sent_code.code) == 8
    other = auth.send_code(login.challenge, now=start + 5)
    finish = lambda code: auth.finish_sign_in(login.challenge, sent=code, now=start + 10)
    if other.code != login.sent_code.code:
        assert refusal(lambda: finish(login.sent_code.code)) == "wrong_code"
    proof = finish(other.code)
    assert (proof.method, proof.amr) == ("sent", ["pwd", "sent", "mfa"])
    assert refusal(lambda: finish(other.code)) == "challenge_spent"


def test_sends_are_few(site, start):
    auth = site(fallback="sent_code", sent_codes="sign_in", sends_per_challenge=2)
    challenge = auth.begin_sign_in("7", now=start).challenge
    auth.send_code(challenge, now=start)
    assert refusal(lambda: auth.send_code(challenge, now=start)) == "too_many_codes"
    assert refusal(lambda: auth.send_code("x", now=start)) == "challenge_invalid"


def test_a_sent_code_may_open_only_an_enrollment(site, start):
    auth = site(fallback="sent_code", sent_codes="enroll", sent_alphabet="letters")
    login = auth.begin_sign_in("7", binding="b", now=start)
    assert (login.outcome, login.gives) == ("send", "enrollment")
    code = login.sent_code.code
    answer = {"any": code, "binding": "b", "now": start}
    assert refusal(lambda: auth.finish_sign_in(login.challenge, **answer)) == "enrollment_required"
    unbound = lambda: auth.finish_for_enrollment(login.challenge, sent=code, now=start)
    assert refusal(unbound) == "challenge_invalid"
    enrollment = auth.finish_for_enrollment(login.challenge, **answer)
    assert auth.check_enrollment(enrollment.token, now=start) == "7"


def test_an_enrollment_token_opens_enrollment_until_a_device_is_there(site, start):
    """ENR-11"""
    auth = site(fallback="enroll")
    token = auth.begin_sign_in("7", now=start).enrollment.token
    assert auth.engine.enrollment_subject(token, now=start) == "7"
    assert auth.check_enrollment(token, now=start) == "7"
    setup = auth.begin_enrollment("7", account="a", now=start)
    assert auth.check_enrollment(token, now=start) == "7"
    auth.confirm_enrollment("7", totp.generate(setup.secret, now=start), now=start)
    assert refusal(lambda: auth.check_enrollment(token, now=start)) in {"token_invalid", "already_enrolled"}
    for nonsense in ("", "a.b.c", auth.begin_sign_in("7", now=start).challenge):
        assert refusal(lambda text=nonsense: auth.check_enrollment(text, now=start)) == "token_invalid"


def test_a_trusted_device_takes_the_place_of_the_second_factor(site, enroll, start):
    """API-08"""
    auth = site(trusted_devices=2)
    person = enroll(auth)
    proof = person.sign_in()
    trust = auth.trust_device("42", proof, "laptop", now=start)
    assert auth.is_trusted("42", trust.token, now=start) is True
    assert auth.engine.mint(proof, now=start).access
    assert fault(lambda: auth.trust_device("42", proof, "laptop", now=start)) == ("argument_invalid", "proof")

    login = auth.begin_sign_in("42", trust_token=trust.token, now=start + 60)
    assert (login.outcome, others(login)) == ("trusted", {"proof", "trust"})
    assert (login.proof.method, login.trust.id, login.proof.amr) == (None, trust.id, ["pwd"])
    (device,) = auth.status("42", now=start + 60).trusted_devices
    assert (device.id, device.name, device.last_used_at) == (trust.id, "laptop", start + 60)
    assert (device.created_at, device.expires_at) == (start, trust.expires_at)
    assert "TrustedDevice(id=" in repr(auth.status("42", now=start))
    assert auth.is_trusted("42", trust.token, now=start + 60) is False
    assert auth.begin_sign_in("42", trust_token=trust.token, now=start + 60).outcome == "challenge"
    assert auth.begin_sign_in("42", trust_token="nonsense", now=start + 60).outcome == "challenge"

    revoke = lambda *ids: auth.revoke_trusted_devices("42", *ids, now=start + 60)
    assert refusal(lambda: revoke("0" * 16)) == "device_unknown"
    revoke(trust.id)
    assert auth.status("42", now=start + 60).trusted_devices == []
    revoke()
    assert auth.begin_sign_in("42", trust_token=login.trust.token, now=start + 90).outcome == "challenge"


def test_trust_is_for_those_who_showed_a_second_factor_and_where_the_policy_has_it(site, enroll, start):
    assert refusal(lambda: site().trust_device("42", enroll(site()).sign_in(), "x", now=start)) in {
        "method_not_allowed",
        "second_factor_required",
    }
    auth = site(trusted_devices=1)
    proof = auth.begin_sign_in("7", now=start).proof
    assert refusal(lambda: auth.trust_device("7", proof, "x", now=start)) == "second_factor_required"
    with pytest.raises(TypeError):
        auth.trust_device("7", "proof", "x", now=start)


def test_how_a_subject_is_asked_can_be_chosen(site, enroll, start):
    auth = site(sent_codes="sign_in", opt_out="allowed", fallback="sent_code")
    auth.set_method("7", "off", now=start)
    assert (auth.status("7", now=start).preference, auth.begin_sign_in("7", now=start).outcome) == (
        "off",
        "proof",
    )
    person = enroll(auth)
    assert auth.status("42", now=start).preference is None
    assert refusal(lambda: auth.set_method("42", "sent", now=start)) == "second_factor_required"
    auth.set_method("42", "sent", otp=person.phone.code(start), now=start)
    login = auth.begin_sign_in("42", now=start)
    assert (login.outcome, login.methods) == ("send", ["sent", "otp", "backup"])
    assert refusal(lambda: auth.set_method("42", "off", otp="1", now=start)) == "method_not_allowed"
    assert refusal(lambda: auth.set_method("8", "otp", now=start)) == "not_enrolled"
    assert fault(lambda: auth.set_method("8", "mail", now=start)) == ("argument_unknown", "method")
    both = lambda: auth.set_method("42", "otp", otp="1", any="1", now=start)
    assert fault(both) == ("argument_invalid", "at most one of otp, backup, any and step_up")
