"""Records, sessions and tokens that every language reads the same."""

import pytest

from twinlock import Engine, Fault, JwtConfig, JwtKey, KeyRing, Policy, Refused, SecondFactor
from twinlock import RefreshFamily as Family
from twinlock.stores import MemoryStore


@pytest.fixture
def opened():
    """A SecondFactor for the keys, over a store that holds the record of the subject."""

    def make(keys, subject=None, record="", **policy):
        store = MemoryStore()
        if record:
            store.save(subject, bytes.fromhex(record), 0)
        return SecondFactor(Engine(KeyRing.parse(keys), Policy("Acme", **policy)), store)

    return make


def test_records_go_on(opened, vectors):
    file = vectors("record")
    subject, now = file["subject"], file["now"]
    pending = opened(file["keys"], subject, file["pending_record"])
    assert pending.confirm_enrollment(subject, file["code"], now=now).backup_codes
    auth = opened(file["keys"], subject, file["enrolled_record"])
    assert auth.status(subject, now=now).backup_codes_left == 10
    with pytest.raises(Refused, match="used before"):
        auth.finish_sign_in(auth.begin_sign_in(subject, now=now).challenge, otp=file["code"], now=now)
    challenge = auth.begin_sign_in(subject, now=now).challenge
    assert auth.finish_sign_in(challenge, backup=file["backup_codes"][1], now=now).method == "backup"


@pytest.mark.parametrize(
    "answer", [{"sent": "sent_code"}, {"backup": "1234-5678"}], ids=["sent code", "imported backup code"]
)
def test_a_record_with_everything_in_it_opens(opened, vectors, answer):
    file = vectors("record_full")
    subject, now = file["subject"], file["now"]
    keys = f"{file['keys']},{file['old_keys']}"
    auth = opened(keys, subject, file["record"], sent_codes="sign_in", trusted_devices=3)
    status = auth.status(subject, now=now)
    assert [device.kind for device in status.devices] == ["totp", "hotp", "steam"]
    assert status.preference == "sent"
    assert [device.name for device in status.trusted_devices] == ["Laptop"]
    assert auth.is_trusted(subject, file["trust_token"], now=now)
    answer = {kind: file.get(typed, typed) for kind, typed in answer.items()}
    assert auth.finish_sign_in(file["challenge"], **answer, now=now).subject == subject


def test_a_session_goes_on(vectors):
    file = vectors("session")
    jwt = JwtConfig(issuer="https://acme.example")
    engine = Engine(KeyRing.parse(file["keys"]), Policy("Acme"), jwt=jwt)
    for kind in ("access", "refresh", "sliding"):
        assert engine.verify(file[kind], kind, now=file["now"])["tenant"] == {"id": 7}
    family = Family.from_json(file["rotated_family"])
    assert family.to_json() == file["rotated_family"]
    rotation = engine.rotate(file["rotated_refresh"], family, None, now=file["rotated_at"])
    assert rotation.family is not None
    assert rotation.commit(True).refresh


def test_enrollment_tokens_open_enrollment_and_nothing_else(opened, vectors):
    file = vectors("jwt_own")
    engine, now = opened(file["key_ring"]).engine, file["now"]
    assert engine.enrollment_subject(file["enroll"], now=now) == file["enroll_claims"]["sub"]
    challenge = file["challenge_to_enroll"]
    assert engine.challenge_subject(challenge, now=now) == file["challenge_to_enroll_claims"]["sub"]
    for other in (file["trust"], challenge):
        with pytest.raises(Refused) as refused:
            engine.enrollment_subject(other, now=now)
        assert refused.value.code == "token_invalid"


def test_a_backup_code_is_kept_as_elsewhere(opened, vectors):
    """BAK-02"""
    file = vectors("backup")
    subject, now = file["subject"], file["now"]
    auth = opened(file["keys"], subject, file["record"])
    challenge = auth.begin_sign_in(subject, now=now).challenge
    with pytest.raises(Refused) as refused:
        auth.finish_sign_in(challenge, backup=file["code"][1:] + "0", now=now)
    assert refused.value.code == "wrong_code"
    assert auth.finish_sign_in(challenge, backup=file["typed"], now=now).method == "backup"


def test_key_files_are_taken_and_refused_as_elsewhere(repository, vectors, ring):
    """JWT-01"""
    outcomes = []
    for row in vectors("keys")["vectors"]:
        pem = (repository / "tests" / "vectors" / row["file"]).read_text()
        try:
            key = JwtKey.from_pem(row["algorithm"], pem)
            Engine(ring, Policy("Acme"), jwt=JwtConfig(keys=[key]))
        except Fault as fault:
            outcomes.append((row, fault.code))
        else:
            outcomes.append((row, "ok"))
    assert len(outcomes) == 22
    assert [row["outcome"] for row, _ in outcomes] == [outcome for _, outcome in outcomes]
