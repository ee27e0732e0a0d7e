"""API-10, ENR-06, LOG-01: the policy, step-up and sign-in times as services, without any HTTP."""

import datetime

import pytest
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from people import PASSWORD, at_the_same_time, enroll, make_user, sign_in

from twinlock.django import enforcement, evidence, services, session_evidence
from twinlock.django.models import EnrollmentRequirement
from twinlock.errors import ArgumentFault, Refused, TransactionOpen

AGE = 600


@pytest.fixture
def policy(settings):
    """Sets the policy's settings."""

    def change(**changes):
        settings.TWINLOCK = {**settings.TWINLOCK, **changes}

    return change


def in_session(user, *, ago=0):
    """A request of a session that began so many seconds ago."""
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), user
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[session_evidence.SIGNED_IN_AT] -= ago
    return request


@pytest.mark.django_db(transaction=True)
def test_the_first_day_is_stored_once_whoever_asks_first(user, policy):
    """API-10"""
    policy(REQUIRED="all", GRACE_PERIOD=60)
    answers = at_the_same_time(*[lambda: services.grace_ends_at(user)] * 6)
    assert len(set(answers)) == 1, answers
    assert EnrollmentRequirement.objects.get(user=user).since == answers[0] - datetime.timedelta(seconds=60)


def test_nothing_is_stored_or_asked_where_nobody_must(user, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert services.grace_ends_at(user) is None
        assert not services.is_unmet(user, ("pwd",))
    assert not EnrollmentRequirement.objects.exists()


def test_the_day_counts_for_those_who_enroll_in_time(user, policy):
    policy(REQUIRED="all", GRACE_PERIOD=AGE)
    enroll(user)
    assert EnrollmentRequirement.objects.filter(user=user).exists()


def test_a_sign_in_with_a_second_factor_is_not_slower_for_the_policy(
    enrolled, policy, django_assert_num_queries
):
    policy(REQUIRED="all")
    user, phone, _ = enrolled
    with django_assert_num_queries(1):
        challenge = services.begin_sign_in(user).challenge
    services.finish_sign_in(challenge, otp=phone.code())
    with django_assert_num_queries(0):
        assert not services.is_unmet(user, ("pwd", "otp", "mfa"))


def test_a_trusted_device_is_a_second_factor_to_the_policy(enrolled, policy):
    """The token of such a sign-in names no second factor, and the user has one."""
    policy(REQUIRED="all")
    assert enforcement.enforcement_denial(enrolled[0], ("pwd",)) is None


def test_step_up_tells_of_success_and_failure(enrolled, heard, audited):
    """LOG-01, LOG-04"""
    user, phone, codes = enrolled
    token = services.step_up(user, "general", otp=phone.code())
    assert services.shows_step_up(token.access, "general")
    with pytest.raises(Refused):
        services.step_up(user, "general", otp=phone.wrong())
    services.step_up(user, "general", backup=codes[0])
    assert [name for name, _ in heard if name.startswith(("step", "backup_code_used"))] == [
        "step_up_succeeded",
        "step_up_failed",
        "step_up_succeeded",
        "backup_code_used",
    ]
    assert audited.last("step_up_refused").twinlock["reason"] == "wrong_code"
    assert audited.last("step_up_succeeded").twinlock["method"] == "backup"
    assert token.access not in str([record.getMessage() for record in audited.records])


def test_step_up_knows_its_purposes_only(enrolled, policy):
    user, phone, _ = enrolled
    with pytest.raises(ArgumentFault):
        services.step_up(user, "payout", otp=phone.code())
    policy(STEP_UP_PURPOSES=["payout"])
    assert services.step_up(user, "payout", otp=phone.code()).access


def test_step_up_goes_on_with_the_session_of_its_own_user_only(enrolled):
    user, phone, _ = enrolled
    other = make_user()
    theirs = sign_in(other, enroll(other)[0]).access
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "second_factor_required"):
        services.step_up(user, "general", session=theirs, otp=phone.code())


def test_sto_step_up_refuses_an_open_transaction(enrolled):
    """STO-01"""
    user, phone, _ = enrolled
    with pytest.raises(TransactionOpen), transaction.atomic():
        services.step_up(user, "general", otp=phone.code())


def test_a_session_knows_when_it_began(user):
    """ENR-06: in a session of Django, too, and only for its own user."""
    found = evidence.find(in_session(user))
    assert found.user == user
    assert abs(found.auth_time - timezone.now().timestamp()) < 5
    assert enforcement.first_enrollment_denial(found) is None
    denial = enforcement.first_enrollment_denial(evidence.find(in_session(user, ago=AGE + 5)))
    assert denial.code == "reauthentication_required"
    another = in_session(user)
    another.user = make_user()
    assert evidence.find(another) is None


def test_a_session_from_before_the_app_has_no_time_and_does_not_enroll(user):
    """ENR-06"""
    request = in_session(user)
    del request.session[session_evidence.SIGNED_IN_AT]
    assert enforcement.first_enrollment_denial(evidence.find(request)).code == "reauthentication_required"
    assert enforcement.first_enrollment_denial(None).code == "reauthentication_required"


def test_an_enrollment_token_of_one_user_is_not_anothers(user, policy):
    """ENR-11"""
    policy(REQUIRED="all")
    other = make_user(password=PASSWORD)
    mine, theirs = (services.begin_sign_in(found).enrollment.token for found in (user, other))
    crossed = services.bind_enrollment_token(other, mine)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "token_invalid"):
        services.check_enrollment_token(crossed)
    assert services.check_enrollment_token(services.bind_enrollment_token(other, theirs)) == other
