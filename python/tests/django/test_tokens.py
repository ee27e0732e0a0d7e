"""Tokens follow the user's present state."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from people import enroll, make_user, sign_in

from twinlock import KeyRing
from twinlock.django import services
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import ArgumentFault, KeyFault, RecordFault, Refused


def token_invalid():
    return pytest.raises(Refused, check=lambda refusal: refusal.code == "token_invalid")


@pytest.fixture
def signed_in(enrolled):
    user, phone, _ = enrolled
    return user, sign_in(user, phone)


def test_access_and_refresh_count_while_nothing_changed(signed_in, django_assert_num_queries):
    user, tokens = signed_in
    with django_assert_num_queries(1):
        found, claims = services.verify_access(tokens.access)
    assert found == user
    assert claims["sub"] == claims["user_id"] == str(user.pk)
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    assert len(claims["cred"]) == 16
    fresh = services.refresh(tokens.refresh)
    assert services.verify_access(fresh.access)[0] == user
    for token in (tokens.access, tokens.refresh):
        assert services.verify(token)[0] == user


def test_a_user_without_a_second_factor_has_tokens_that_die_with_enrollment(user):
    tokens = services.mint(user, services.begin_sign_in(user).proof)
    assert services.verify_access(tokens.access)[1]["amr"] == ["pwd"]
    services.begin_enrollment(user)
    assert services.verify_access(tokens.access), "ENR-03: a pending device changes nothing"
    services.disable_without_code(user)
    enroll(user)
    with token_invalid():
        services.verify_access(tokens.access)
    with token_invalid():
        services.refresh(tokens.refresh)


def new_password(user):
    user.set_password("another password")
    user.save()


def deactivate(user):
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)


CHANGES = {
    "new password": new_password,
    "deactivated": deactivate,
    "deleted": lambda user: get_user_model().objects.get(pk=user.pk).delete(),
    "epoch": lambda user: services.bump_epoch(user),
    "second factor off": lambda user: services.admin_reset(user),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_jwt_13_weakness_12_tokens_die_with_the_state_they_are_about(signed_in, change):
    user, tokens = signed_in
    change(user)
    for call in (services.verify_access, services.verify):
        with token_invalid():
            call(tokens.access)
    for call in (services.refresh, services.verify):
        with token_invalid():
            call(tokens.refresh)


def test_weakness_08_no_tokens_for_an_inactive_user_even_with_a_proof(user):
    proof = services.begin_sign_in(user).proof
    user.is_active = False
    with token_invalid():
        services.mint(user, proof)


def test_a_proof_is_good_for_its_own_user_and_once(user):
    proof = services.begin_sign_in(user).proof
    with token_invalid():
        services.mint(make_user(), proof)
    services.mint(user, proof)
    with pytest.raises(ArgumentFault):
        services.mint(user, proof)


def test_chl_01_no_kind_of_token_stands_in_for_another(signed_in):
    user, tokens = signed_in
    challenge = services.begin_sign_in(user).challenge
    for call, others in (
        (services.verify_access, (tokens.refresh, challenge)),
        (services.refresh, (tokens.access, challenge)),
        (services.verify, (challenge,)),
    ):
        for token in others:
            with token_invalid():
                call(token)
    for token in (tokens.access, tokens.refresh):
        with pytest.raises(Refused):
            services.finish_sign_in(token, otp="123456")


@pytest.mark.parametrize("token", [None, 3, [], {}, b"x", "", "é", "\ud800", "a.b.c", "x" * 10**6])
@pytest.mark.parametrize("call", [services.verify_access, services.refresh, services.verify])
def test_api_03_odd_tokens_are_refused(db, call, token):
    with token_invalid():
        call(token)


def test_sea_08_a_new_secret_key_destroys_nothing(settings, enrolled):
    user, phone, _ = enrolled
    old = settings.SECRET_KEY
    tokens = sign_in(user, phone)
    settings.SECRET_KEY = "rotated-" + "y" * 50
    settings.SECRET_KEY_FALLBACKS = [old]
    assert services.verify_access(tokens.access)[0] == user
    assert services.refresh(tokens.refresh)
    settings.SECRET_KEY_FALLBACKS = []
    with token_invalid():
        services.verify_access(tokens.access)
    assert services.status(user).enabled
    assert sign_in(user, phone), "the authenticator still works"


def test_weakness_14_sea_04_a_new_first_key_leaves_old_records_open(settings, enrolled):
    user, phone, _ = enrolled
    old = settings.TWINLOCK["KEYS"]
    settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": [KeyRing.generate().to_text(), old]}
    assert sign_in(user, phone)
    assert services.status(user).enabled


def test_weakness_14_ver_13_a_lost_key_is_a_fault_and_not_a_wrong_code(settings, enrolled, audited):
    user, phone, _ = enrolled
    settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": KeyRing.generate().to_text()}
    with pytest.raises(KeyFault, check=lambda fault: fault.code == "key_unknown"):
        services.disable(user, otp=phone.code())
    assert audited.last("disable_failed").levelname == "ERROR"


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda record: b"",
        lambda record: record[:-1],
        lambda record: b"plain",
        lambda record: record[:-1] + b"\0",
    ],
)
def test_ver_13_a_corrupt_row_is_an_audited_fault(enrolled, corrupt, audited):
    user, phone, _ = enrolled
    row = SecondFactorRecord.objects.get(user=user)
    SecondFactorRecord.objects.filter(user=user).update(record=corrupt(bytes(row.record)))
    for call in (
        lambda: services.begin_sign_in(user),
        lambda: services.disable(user, otp=phone.code()),
        lambda: services.status(user),
    ):
        with pytest.raises(RecordFault):
            call()
    assert audited.names[-3:] == ["sign_in_failed", "disable_failed", "status_failed"]
    assert all(record.levelname == "ERROR" for record in audited.records[-3:])


def test_weakness_14_sea_02_rows_cannot_be_swapped_between_users(enrolled):
    user, phone, _ = enrolled
    victim = make_user()
    enroll(victim)
    mine = SecondFactorRecord.objects.get(user=user)
    SecondFactorRecord.objects.filter(user=victim).update(record=bytes(mine.record))
    with pytest.raises(RecordFault):
        services.begin_sign_in(victim)
    with pytest.raises(RecordFault):
        services.disable(victim, otp=phone.code())


def test_a_token_of_a_user_that_cannot_be_is_refused(user):
    engine = services.engine()
    for subject in (str(uuid.uuid4()), "01", "9" * 40):
        proof = engine.begin_sign_in(subject, None).commit(True).proof
        with token_invalid():
            services.verify_access(engine.mint(proof, {"cred": "0" * 16}).access)
