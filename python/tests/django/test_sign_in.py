"""Enrollment, sign-in and management through the services."""

import pytest
from people import Phone, enroll, make_user, sign_in

from twinlock.django import services
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import ArgumentFault, Refused


def refused(code):
    """A check that the block is refused with that code."""
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_the_main_job_end_to_end(user, heard):
    assert services.begin_sign_in(user).proof is not None
    setup = services.begin_enrollment(user, name="My phone")
    phone = Phone(setup.uri)
    assert "<svg" in setup.qr_svg
    assert services.begin_sign_in(user).proof is not None, "ENR-03: a pending device gates nothing"
    enrolled = services.confirm_enrollment(user, phone.code())
    assert len(enrolled.backup_codes) == 10
    sign = services.begin_sign_in(user)
    assert sign.proof is None
    assert sign.methods == ["otp", "backup"]
    found, proof = services.finish_sign_in(sign.challenge, otp=phone.code())
    assert found == user
    tokens = services.mint(found, proof)
    assert services.verify_access(tokens.access)[0] == user
    assert services.status(user).devices[0].name == "My phone"
    names = ["non_totp_login_succeeded", "enrollment_started", "non_totp_login_succeeded", "totp_created"]
    names.append("totp_login_succeeded")
    assert [name for name, _ in heard] == names
    assert all(carried["user"] == user for _, carried in heard)
    assert {carried["sender"] for _, carried in heard} == {SecondFactorRecord}


def test_weakness_02_a_code_signs_in_once(enrolled):
    user, phone, _ = enrolled
    code = phone.code()
    services.finish_sign_in(services.begin_sign_in(user).challenge, otp=code)
    with refused("replayed"):
        services.finish_sign_in(services.begin_sign_in(user).challenge, otp=code)


def test_chl_02_a_challenge_signs_in_once(enrolled):
    user, phone, _ = enrolled
    challenge = services.begin_sign_in(user).challenge
    services.finish_sign_in(challenge, otp=phone.code())
    with refused("challenge_spent"):
        services.finish_sign_in(challenge, otp=phone.code())


def test_weakness_05_rotation_before_confirmation_makes_no_second_factor(user):
    services.begin_enrollment(user)
    with refused("not_enrolled"):
        services.regenerate_backup_codes_without_code(user)
    with refused("not_enrolled"):
        services.regenerate_backup_codes(user, otp="123456")
    assert not services.status(user).enabled
    assert services.begin_sign_in(user).proof is not None


def test_weakness_06_no_backup_codes_are_still_a_second_factor(settings, user):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"window": 2, "backup_codes": 0}}
    phone, codes = enroll(user)
    assert codes == []
    assert services.status(user).enabled
    assert sign_in(user, phone)
    with refused("already_enrolled"):
        services.begin_enrollment(user)


def test_weakness_06_used_up_backup_codes_leave_the_second_factor_on(settings, user, audited, heard):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"window": 2, "backup_codes": 2}}
    _, codes = enroll(user)
    for left, code in ((1, codes[0]), (0, codes[1])):
        services.finish_sign_in(services.begin_sign_in(user).challenge, backup=code)
        assert heard[-1][0] == "backup_code_used"
        assert heard[-1][1]["codes_left"] == left, "BAK-09: the notice says how many are left"
    assert services.status(user).enabled
    assert services.begin_sign_in(user).challenge
    assert audited.names.count("backup_codes_low") == 2


@pytest.mark.parametrize("end", ["deactivate", "delete"])
def test_weakness_08_ver_13_a_user_who_is_gone_between_the_steps_is_refused(enrolled, end, audited):
    user, phone, _ = enrolled
    challenge = services.begin_sign_in(user).challenge
    if end == "delete":
        user.delete()
    else:
        user.is_active = False
        user.save()
    with refused("challenge_invalid"):
        services.finish_sign_in(challenge, otp=phone.code())
    assert "sign_in_refused" in audited.names


def test_weakness_08_an_inactive_user_does_not_begin(user):
    user.is_active = False
    user.save()
    with refused("token_invalid"):
        services.begin_sign_in(user)


def test_chl_04_a_new_password_ends_the_challenge(enrolled):
    user, phone, _ = enrolled
    challenge = services.begin_sign_in(user).challenge
    user.set_password("another password")
    user.save()
    with refused("challenge_invalid"):
        services.finish_sign_in(challenge, otp=phone.code())


@pytest.mark.parametrize("change", ["bump_epoch", "admin_reset"])
def test_chl_04_a_change_of_the_factor_ends_the_challenge(enrolled, change):
    user, phone, _ = enrolled
    challenge = services.begin_sign_in(user).challenge
    getattr(services, change)(user)
    with pytest.raises(Refused):
        services.finish_sign_in(challenge, otp=phone.code())


def test_bak_05_a_backup_code_is_good_for_its_own_user_only(enrolled):
    _, _, codes = enrolled
    other = make_user()
    enroll(other)
    with refused("wrong_code"):
        services.finish_sign_in(services.begin_sign_in(other).challenge, backup=codes[0])


def test_bak_06_a_new_set_replaces_the_old_one_and_needs_the_authenticator(enrolled, heard):
    user, phone, old = enrolled
    with pytest.raises(Refused):
        services.regenerate_backup_codes(user, otp=old[0])
    new = services.regenerate_backup_codes(user, otp=phone.code())
    assert heard[-1][0] == "backup_codes_rotated"
    assert not set(new) & set(old)
    with refused("wrong_code"):
        services.finish_sign_in(services.begin_sign_in(user).challenge, backup=old[0])
    assert services.finish_sign_in(services.begin_sign_in(user).challenge, backup=new[0])


@pytest.mark.parametrize("answer", ["otp", "backup"])
def test_weakness_04_disabling_takes_a_right_code(enrolled, answer, heard, mailoutbox):
    user, phone, codes = enrolled
    with refused("wrong_code"):
        services.disable(user, otp=phone.wrong())
    assert services.status(user).enabled
    services.disable(user, **{answer: phone.code() if answer == "otp" else codes[0]})
    assert not services.status(user).enabled
    assert heard[-1][0] == "totp_disabled"
    assert [mail.to for mail in mailoutbox] == [[user.email]]
    assert services.begin_sign_in(user).proof is not None


def test_disabling_what_is_not_there_is_refused(user):
    for call in (services.disable_without_code, services.unlock):
        with refused("not_enrolled"):
            call(user)
    with refused("not_enrolled"):
        services.disable(user, otp="123456")


def test_disabling_without_a_code_drops_a_pending_enrollment_too(user):
    services.begin_enrollment(user)
    services.disable_without_code(user)
    assert services.status(user).pending_until is None


def test_an_operator_ends_a_lock(enrolled, audited):
    user, phone, _ = enrolled
    challenge = services.begin_sign_in(user).challenge
    for _ in range(5):
        with pytest.raises(Refused):
            services.finish_sign_in(challenge, otp=phone.wrong())
    assert audited.names[-2:] == ["sign_in_refused", "locked"], "LOG-01: the lock has an event of its own"
    with refused("locked") as caught:
        services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.code())
    assert caught.value.retry_after > 0
    services.unlock(user)
    assert sign_in(user, phone)


@pytest.mark.parametrize(
    "text",
    ["é", "\ud800", "\x00", "\uff11\uff12\uff13\uff14\uff15\uff16", "1" * 10**6, "", " ", "None", "🔑"],
)
def test_weakness_12_odd_codes_are_wrong_codes(enrolled, text):
    user, _, _ = enrolled
    for answer in ({"otp": text}, {"backup": text}):
        with refused("wrong_code"):
            services.finish_sign_in(services.begin_sign_in(user).challenge, **answer)
    services.unlock(user)
    with refused("wrong_code"):
        services.disable(user, otp=text)


@pytest.mark.parametrize("text", [None, 7, [], {}, "", "é", "\ud800", "\x00", "a.b.c", "x" * 10**6])
def test_chl_08_odd_challenges_are_refused(enrolled, text):
    with refused("challenge_invalid"):
        services.finish_sign_in(text, otp="123456")


def test_two_answers_at_once_are_the_callers_fault(enrolled):
    challenge = services.begin_sign_in(enrolled[0]).challenge
    for answers in ({}, {"otp": "1", "backup": "2"}):
        with pytest.raises(ArgumentFault):
            services.finish_sign_in(challenge, **answers)


def test_weakness_15_any_user_name_becomes_an_account_name(db):
    long = make_user(username="x" * 150)
    assert ("x" * 128) in services.begin_enrollment(long).uri
    odd = make_user(username="a:b\r\n\x1b")
    assert "ab" in services.begin_enrollment(odd).uri
    assert services.begin_enrollment(make_user(username=":")).uri


def test_a_failed_second_factor_is_told(enrolled, heard):
    user, phone, _ = enrolled
    request = object()
    with pytest.raises(Refused):
        services.finish_sign_in(
            services.begin_sign_in(user).challenge, otp=phone.wrong(), request=request, sender=Phone
        )
    name, carried = heard[-1]
    assert name == "totp_login_failed"
    assert carried["reason"] == "wrong_code"
    assert carried["request"] is request
    assert carried["sender"] is Phone
