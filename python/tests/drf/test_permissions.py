"""API-09: views that ask for a fresh second factor, of DRF and of Django, async too."""

import guarded_urls
import pytest
from django.test import override_settings
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate

from twinlock import KeyRing
from twinlock.django import enforcement, evidence
from twinlock.drf.permissions import fresh_second_factor

KINDS = ["permission", "class", "drf", "django", "asgi", "method"]


@pytest.fixture(autouse=True)
def _guarded(settings):
    settings.ROOT_URLCONF = "guarded_urls"
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "STEP_UP_PURPOSES": ["payout", "refund"],
        "JWT": {**settings.TWINLOCK["JWT"], "ACCESS_LIFETIME": 900},
    }


@pytest.fixture(params=KINDS)
def view(request):
    """The path of one kind of view."""
    return f"/guarded/{request.param}/"


def step_up(person, purpose="payout", **code):
    """A fresh token for a purpose, which the person's client does not take up by itself."""
    response = person.post("totp/step_up", {"purpose": purpose, **(code or {"otp_code": person.code()})})
    assert response.status_code == 200, response.json()
    person.clock.advance(30)
    return response.json()["access"]


@pytest.mark.parametrize(("age", "status"), [(0, 200), (299, 200), (300, 200), (301, 403), (800, 403)])
def test_the_age_is_counted_by_the_server(enrolled, view, age, status):
    """API-09: `max_age` is 300 seconds."""
    enrolled.sign_in()
    enrolled.clock.advance(age - 30)  # the sign-in was 30 seconds ago
    response = enrolled.http.get(view)
    assert response.status_code == status, response.content
    if status == 200:
        assert response.json() == {"name": "alice"}
    else:
        assert response.json() == {
            "detail": "A fresh second factor is needed for this.",
            "code": "second_factor_required",
            "purpose": "payout",
            "max_age": 300,
            "methods": ["otp", "backup"],
        }


def test_a_step_up_opens_for_its_own_purpose_and_no_other(enrolled, view):
    enrolled.clock.advance(700)
    other, own = step_up(enrolled, "refund"), step_up(enrolled)
    enrolled.bearer(other)
    assert enrolled.http.get(view).status_code == 403
    enrolled.bearer(own)
    assert enrolled.http.get(view).status_code == 200
    enrolled.clock.advance(271)  # 30 have passed since the step-up
    assert enrolled.http.get(view).json()["code"] == "second_factor_required"


def test_a_purpose_is_general_and_the_age_the_policys_where_the_view_says_nothing(enrolled):
    enrolled.clock.advance(700)
    body = enrolled.http.get("/general/").json()
    assert (body["purpose"], body["max_age"]) == ("general", 600)
    enrolled.bearer(step_up(enrolled, "general"))
    assert enrolled.http.get("/general/").status_code == 200


def test_without_a_sign_in_it_is_a_401(view, db):
    answer = APIClient().get(view)
    # A view of DRF answers through the project's own exception handler.
    assert (answer.status_code, answer.json().get("code", "")) in ((401, "not_authenticated"), (401, ""))
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for header in ("Bearer x.y.z", "Bearer", "Bearer a b"):
        answer = APIClient().get(view, HTTP_AUTHORIZATION=header)
        assert answer.status_code == 401, header


def test_a_token_from_before_the_enrollment_does_not_count(alice, view):
    """ENR-10"""
    old = alice.sign_in_by_password()
    alice.create()
    alice.post("totp/confirm", {"input_code": alice.code()})
    assert alice.http.get(view).status_code == 401
    assert alice.post("jwt/refresh", {"refresh": old["refresh"]}).status_code == 401


def test_a_user_without_a_factor_is_told_to_set_one_up(alice, view):
    alice.sign_in_by_password()
    answer = alice.http.get(view)
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "Set up an authenticator first.", "code": "enrollment_required"},
    )


def test_a_recent_sign_in_may_stand_in_for_a_factor_that_nobody_set_up(alice, view, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "STEP_UP_WITHOUT_FACTOR": "recent_login"}
    alice.sign_in_by_password()
    alice.clock.advance(300)
    assert alice.http.get(view).status_code == 200
    alice.clock.advance(1)
    answer = alice.http.get(view)
    assert (answer.status_code, answer.json()["code"]) == (403, "reauthentication_required")
    assert answer.json()["max_age"] == 300


def test_a_recent_sign_in_stands_in_for_nothing_where_a_factor_is_required(alice, view, settings):
    """API-10"""
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "STEP_UP_WITHOUT_FACTOR": "recent_login",
        "REQUIRED": "all",
        "GRACE_PERIOD": 86_400,
    }
    alice.sign_in_by_password()
    answer = alice.http.get(view)
    assert (answer.status_code, answer.json()["code"]) == (403, "enrollment_required")
    assert answer.json()["enrollment_due_at"] == "2027-01-16T08:00:00Z"


def test_one_users_step_up_opens_nothing_for_another(enrolled, person, view):
    """API-09: two users, and the token of one with the session of the other."""
    bob = person("bob")
    bob.enroll()
    enrolled.clock.advance(700)
    stepped = step_up(bob)
    enrolled.bearer(stepped)
    assert enrolled.http.get(view).json() == {"name": "bob"}
    mine = enrolled.sign_in()["access"]
    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {mine}")
    found = evidence.find(request)
    assert found.user == enrolled.user
    assert found.is_fresh("payout", 300)
    assert stepped not in repr(found)


def test_a_fault_is_a_503_and_opens_nothing(enrolled, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "EVIDENCE": ["twinlock.django.evidence.bearer"]}
    enrolled.sign_in()
    jwt = {**settings.TWINLOCK["JWT"], "SIGNING_KEY": "k" * 40}
    with override_settings(TWINLOCK={**settings.TWINLOCK, "JWT": jwt}):
        enrolled.bearer(enrolled.sign_in()["access"])
        lost = {**settings.TWINLOCK, "JWT": jwt, "KEYS": KeyRing.generate().to_text()}
        enrolled.clock.advance(700)
        with override_settings(TWINLOCK=lost):
            answer = enrolled.http.get("/guarded/django/")
    assert (answer.status_code, answer.json()["code"]) == (503, "key_unknown")


def test_demands_that_cannot_be_are_refused_at_once(monkeypatch):
    monkeypatch.setattr(enforcement, "declared", set())
    with pytest.raises(ValueError, match="max_age"):
        fresh_second_factor(purpose="payout", max_age=-1)
    assert enforcement.declared == set()


def test_a_token_of_another_user_than_the_one_who_signed_in_is_no_evidence(enrolled, person):
    """A project's own authentication says who it is; a token of somebody else beside it is nothing."""
    bob = person("bob")
    bob.enroll()
    enrolled.clock.advance(700)
    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION=f"Bearer {step_up(bob)}")
    force_authenticate(request, user=enrolled.user)
    answer = guarded_urls.GUARDED["permission"](request)
    assert (answer.status_code, answer.data["code"]) == (403, "second_factor_required")
    force_authenticate(request, user=bob.user)
    assert guarded_urls.GUARDED["permission"](request).status_code == 200
