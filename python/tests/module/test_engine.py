"""The engine's calls as a Python program sees them: records go in, decisions come out of `commit`."""

import pytest

from twinlock import (
    ArgumentFault,
    CommitLost,
    Engine,
    KeyFault,
    KeyRing,
    Policy,
    RecordFault,
    Refused,
    totp,
)


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def fault(kind, call):
    with pytest.raises(kind) as caught:
        call()
    return caught.value


def test_a_person_enrolls_signs_in_and_gets_tokens(engine, start):
    pending = engine.begin_enrollment("42", None, account="alice@example.com", now=start)
    record = pending.record
    setup = pending.commit(True)
    assert setup.uri.startswith("otpauth://totp/Acme:alice%40example.com?secret=" + setup.secret)
    assert setup.expires_at == start + 900
    assert setup.qr_svg.startswith("<svg")
    assert setup.qr_svg_data_uri.startswith("data:image/svg+xml;base64,")
    assert engine.status("42", record, now=start).pending_until == start + 900

    code = totp.generate(setup.secret, now=start)
    pending = engine.confirm_enrollment("42", record, code, now=start)
    record = pending.record
    enrolled = pending.commit(True)
    assert enrolled.device_id == setup.device_id
    assert len(set(enrolled.backup_codes)) == 10
    assert enrolled.proof.amr == ["otp", "mfa"]

    now = start + 60
    pending = engine.begin_sign_in("42", record, methods=["pwd", "hwk"], now=now)
    assert pending.record is None
    login = pending.commit(True)
    assert (login.methods, login.expires_at, login.proof) == (["otp", "backup"], now + 120, None)
    assert engine.challenge_subject(login.challenge, now=now) == "42"

    code = totp.generate(setup.secret, now=now)
    pending = engine.finish_sign_in(record, login.challenge, otp=code, now=now)
    record = pending.record
    proof = pending.commit(True)
    assert (proof.subject, proof.method, proof.auth_time) == ("42", "otp", now)
    assert proof.amr == ["pwd", "hwk", "otp", "mfa"]

    tokens = engine.mint(
        proof, {"role": "admin", "scopes": ["a", {"b": None}], "n": 2**63, "x": 1.5}, now=now
    )
    assert (tokens.access_expires_at, tokens.refresh_expires_at) == (now + 300, now + 86400)
    claims = engine.verify(tokens.access, now=now + 299)
    assert (claims["sub"], claims["user_id"], claims["token_type"]) == ("42", "42", "access")
    assert (claims["role"], claims["scopes"], claims["n"], claims["x"]) == (
        "admin",
        ["a", {"b": None}],
        2**63,
        1.5,
    )
    assert engine.verify(tokens.refresh, "refresh", now=now)["token_type"] == "refresh"
    assert engine.refresh_subject(tokens.refresh, now=now) == "42"
    fresh = engine.refresh(tokens.refresh, record, now=now + 400)
    assert fresh.access_expires_at == now + 700
    assert engine.verify(fresh.access, kind="access", now=now + 400)["amr"] == ["pwd", "hwk", "otp", "mfa"]


def test_without_a_second_factor_the_first_is_proof(engine, start):
    login = engine.begin_sign_in("42", None, now=start).commit(True)
    assert (login.challenge, login.methods, login.expires_at) == (None, [], None)
    assert (login.proof.amr, login.proof.method) == (["pwd"], None)
    assert engine.verify(engine.mint(login.proof, now=start).access, now=start)["amr"] == ["pwd"]


def test_refusals_come_out_of_commit_with_a_code_and_a_time_to_wait(person, engine, start):
    now = start
    for _ in range(5):
        wrong = person.phone.wrong_code(now)
        caught = refusal(lambda: person.auth.finish_sign_in(person.challenge(now), otp=wrong, now=now))
        assert caught.code in {"wrong_code", "locked"}
    caught = refusal(lambda: person.auth.finish_sign_in(person.challenge(now), otp="000000", now=now))
    assert (caught.code, caught.retry_after) == ("locked", 30)
    assert person.auth.status(person.subject, now=now).locked_until == now + 30


def test_a_code_a_challenge_and_a_backup_code_work_once(person, start):
    challenge, code = person.challenge(), person.phone.code(start)
    person.auth.finish_sign_in(challenge, otp=code, now=start)
    again = lambda **answer: refusal(lambda: person.auth.finish_sign_in(**answer, now=start)).code
    assert again(challenge=challenge, otp=person.phone.code(start + 30)) == "challenge_spent"
    assert again(challenge=person.challenge(), otp=code) == "replayed"
    assert (
        person.auth.finish_sign_in(person.challenge(), backup=person.backup_codes[3], now=start).method
        == "backup"
    )
    assert again(challenge=person.challenge(), any=person.backup_codes[3]) in {"wrong_code", "replayed"}
    assert person.auth.status(person.subject, now=start).backup_codes_left == 9


def test_a_lost_write_gives_nothing(person, engine, start):
    record, _ = person.auth.store.load(person.subject)
    pending = engine.finish_sign_in(record, person.challenge(), otp=person.phone.code(start), now=start)
    assert pending.record is not None
    with pytest.raises(CommitLost):
        pending.commit(False)
    with pytest.raises(ArgumentFault):
        pending.commit(True)


def test_a_pending_is_usable_once_and_wants_a_real_bool(person, engine, start):
    pending = engine.unlock(person.subject, person.auth.store.load(person.subject)[0], now=start)
    for stored in (1, 0, None, "yes", [True]):
        assert "stored must be bool" in str(fault(TypeError, lambda stored=stored: pending.commit(stored)))
    assert pending.commit(True) is None
    assert fault(ArgumentFault, lambda: pending.commit(True)).code == "argument_invalid"
    assert fault(ArgumentFault, lambda: pending.record).code == "argument_invalid"


def test_a_proof_mints_once_and_still_says_what_it_said(person, engine, start):
    proof = person.sign_in()
    facts = lambda: (proof.subject, proof.method, proof.amr, proof.auth_time, proof.epoch)
    before = facts()
    engine.mint(proof, now=start)
    assert fault(ArgumentFault, lambda: engine.mint(proof, now=start)).about == "proof"
    assert facts() == before


def test_claims_that_cannot_be_signed_leave_the_proof_usable(person, engine, start):
    proof = person.sign_in()
    endless = {}
    endless["self"] = endless
    for claims in (
        {"x": object()},
        {"x": {1, 2}},
        {"x": float("nan")},
        {"x": 2**64},
        {1: 2},
        {"x": "\ud800"},
        endless,
    ):
        caught = fault(ArgumentFault, lambda claims=claims: engine.mint(proof, claims, now=start))
        assert caught.code == "claim_invalid"
    for claims in ([("x", 1)], "x", 5):
        fault(TypeError, lambda claims=claims: engine.mint(proof, claims, now=start))
    assert engine.mint(proof, {}, now=start)


def test_a_reserved_claim_is_refused(person, engine, start):
    caught = fault(ArgumentFault, lambda: engine.mint(person.sign_in(), {"sub": "43"}, now=start))
    assert caught.code == "claim_invalid"


def test_exactly_one_answer_is_given(person, engine, start):
    record, _ = person.auth.store.load(person.subject)
    challenge = person.challenge()
    for answers in (
        {},
        {"otp": "1", "backup": "2"},
        {"otp": "1", "any": "1"},
        {"otp": "1", "backup": "1", "any": "1"},
    ):
        for choice, call in (
            ("otp, backup, sent and any", engine.finish_sign_in),
            ("otp, backup, sent and any", engine.finish_for_enrollment),
            ("otp, backup, any and step_up", engine.disable),
            ("otp, backup, any and step_up", engine.regenerate_backup_codes),
        ):
            about = (record, challenge) if "sent" in choice else ("42", record)
            caught = fault(ArgumentFault, lambda call=call, about=about: call(*about, **answers, now=start))
            assert (caught.code, caught.about) == ("argument_invalid", f"exactly one of {choice}")


def test_the_binding_of_a_challenge_must_be_shown_again(person, start):
    code = person.phone.code(start)
    bound = person.challenge(binding="digest")
    for binding in (None, "another"):
        caught = refusal(
            lambda binding=binding: person.auth.finish_sign_in(bound, otp=code, binding=binding, now=start)
        )
        assert caught.code == "challenge_invalid"
    assert person.auth.finish_sign_in(bound, otp=code, binding="digest", now=start)


def test_methods_and_time_of_the_first_factor_are_checked(engine, start):
    begin = lambda **options: engine.begin_sign_in("42", None, now=start, **options)
    assert begin(methods=("pwd",), at=start - 100).commit(True).proof.auth_time == start - 100
    for options in ({"methods": []}, {"methods": ["otp"]}, {"methods": ["PWD"]}, {"at": start + 3600}):
        assert fault(ArgumentFault, lambda options=options: begin(**options)).code == "first_factor_invalid"
    for methods in ("pwd", b"pwd", 5, [5]):
        fault(TypeError, lambda methods=methods: begin(methods=methods))


def test_a_token_is_nothing_to_a_verifier_of_another_kind(person, engine, start):
    tokens = engine.mint(person.sign_in(), now=start)
    challenge = person.challenge()
    verify = lambda token, kind: refusal(lambda: engine.verify(token, kind, now=start)).code
    assert verify(tokens.refresh, "access") == "token_invalid"
    assert verify(tokens.access, "refresh") == "token_invalid"
    assert verify(challenge, "access") == "token_invalid"
    assert refusal(lambda: engine.challenge_subject(tokens.access, now=start)).code == "challenge_invalid"
    assert refusal(lambda: engine.verify(tokens.access, now=start + 300)).code == "token_expired"
    assert fault(ArgumentFault, lambda: engine.verify(tokens.access, "challenge", now=start)).about == "kind"


def test_the_operators_calls(person, engine, start):
    auth, subject = person.auth, person.subject
    tokens = engine.mint(person.sign_in(), now=start)
    auth.unlock(subject, now=start)
    assert len(auth.admin_regenerate_backup_codes(subject, now=start)) == 10
    epoch = auth.status(subject, now=start).epoch
    auth.bump_epoch(subject, now=start)
    assert auth.status(subject, now=start).epoch > epoch
    assert refusal(lambda: auth.refresh(tokens.refresh, now=start)).code == "token_invalid"
    auth.admin_reset(subject, now=start)
    assert not auth.status(subject, now=start).enabled
    assert refusal(lambda: auth.unlock("nobody", now=start)).code == "not_enrolled"


def test_the_users_calls(person, start):
    auth, subject = person.auth, person.subject
    fresh = auth.regenerate_backup_codes(subject, otp=person.phone.code(start), now=start)
    assert len(fresh) == 10
    assert not set(fresh) & set(person.backup_codes)
    caught = refusal(lambda: auth.regenerate_backup_codes(subject, backup=fresh[0], now=start + 30))
    assert caught.code == "method_not_allowed"
    auth.disable(subject, any=fresh[1], now=start + 30)
    assert not auth.status(subject, now=start + 30).enabled


def test_status_describes_devices_and_nothing_secret(person, start):
    status = person.auth.status(person.subject, now=start)
    (device,) = status.devices
    assert (status.enabled, status.backup_codes_left, status.backup_codes_total) == (True, 10, 10)
    assert (status.disabled, status.locked_until, status.failures_in_a_row, status.failures_today) == (
        False,
        None,
        0,
        0,
    )
    assert (device.kind, device.name, device.algorithm, device.digits, device.period) == (
        "totp",
        "Authenticator",
        "SHA1",
        6,
        30,
    )
    assert device.created_at == device.last_used_at == start - 60
    assert device.id == person.enrolled.device_id
    assert "Device(id=" in repr(status)


def test_a_device_may_have_parameters_of_its_own(engine, auth, start):
    setup = auth.begin_enrollment(
        "7", account="a", name="Téléphone", algorithm="sha-256", digits=8, now=start
    )
    assert setup.uri.endswith("&algorithm=SHA256&digits=8")
    code = totp.generate(setup.secret, algorithm="SHA256", digits=8, now=start)
    auth.confirm_enrollment("7", code, now=start)
    (device,) = auth.status("7", now=start).devices
    assert (device.name, device.algorithm, device.digits, device.period) == ("Téléphone", "SHA256", 8, 30)


def test_a_record_of_another_subject_key_or_origin_does_not_open(person, engine, start):
    record, _ = person.auth.store.load(person.subject)
    status = lambda subject, record: engine.status(subject, record, now=start)
    assert fault(RecordFault, lambda: status("43", record)).code == "envelope_rejected"
    altered = record[:-1] + bytes([record[-1] ^ 1])
    assert fault(RecordFault, lambda: status("42", altered)).code == "envelope_rejected"
    assert fault(RecordFault, lambda: status("42", b"plain text")).code == "envelope_malformed"
    assert fault(RecordFault, lambda: status("42", b"")).code == "envelope_malformed"
    other = Engine(KeyRing.generate(), Policy("Acme"))
    assert fault(KeyFault, lambda: other.status("42", record, now=start)).code == "key_unknown"
    both = Engine(KeyRing.parse(KeyRing.generate().to_text() + " " + engine_keys(engine)), Policy("Acme"))
    assert both.status("42", record, now=start).enabled


def engine_keys(_):
    return "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


def test_records_frozen_in_the_vectors_open(vectors):
    frozen = vectors("record")
    engine = Engine(KeyRing.parse(frozen["keys"]), Policy(**frozen["policy"]))
    subject, now = frozen["subject"], frozen["now"]
    pending = engine.status(subject, bytes.fromhex(frozen["pending_record"]), now=now)
    assert (pending.enabled, pending.pending_until) == (False, now + 900)
    enrolled = bytes.fromhex(frozen["enrolled_record"])
    assert engine.status(subject, enrolled, now=now).backup_codes_left == len(frozen["backup_codes"])
    confirmed = engine.confirm_enrollment(
        subject, bytes.fromhex(frozen["pending_record"]), frozen["code"], now=now
    )
    assert confirmed.commit(True).proof.subject == subject


def test_one_key_ring_serves_several_engines_and_the_vault(ring, start):
    first, second = Engine(ring, Policy("Acme")), Engine(ring, Policy("Acme"))
    record = first.begin_enrollment("42", None, account="a", now=start).record
    assert second.status("42", record, now=start).pending_until


def test_bad_key_texts_have_a_code_each():
    bad = {
        "": "key_missing",
        " ,\n": "key_missing",
        "secret": "key_malformed",
        "tlk1_short": "key_malformed",
        "tlk1_" + "A" * 43: "key_weak",
        engine_keys(0) + "," + engine_keys(0): "key_duplicate",
    }
    for text, code in bad.items():
        caught = fault(KeyFault, lambda text=text: KeyRing.parse(text))
        assert caught.code == code
        assert "tlk1_A" not in str(caught)
    many = " ".join(KeyRing.generate().to_text() for _ in range(17))
    assert fault(KeyFault, lambda: KeyRing.parse(many)).code == "key_ring_too_large"
    assert KeyRing.parse(engine_keys(0)).ids == ["0c96b7654975785b"]


def test_classes_that_only_the_engine_makes_cannot_be_made():
    from twinlock import Pending, Proof, Secret, Status

    for kind in (Pending, Proof, Secret, Status):
        with pytest.raises(TypeError):
            kind()
        with pytest.raises(TypeError):
            type("Sub", (kind,), {})
