"""API-10: who must have a second factor, since when, and what is open to those who have none in time."""

import datetime
import itertools
import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from rest_framework.test import APIClient

from twinlock.django import services
from twinlock.django.models import EnrollmentRequirement
from twinlock.django.routes import found_routes

DAY = 86_400


@pytest.fixture
def policy(settings):
    """Sets the policy's settings."""

    def change(**changes):
        settings.TWINLOCK = {**settings.TWINLOCK, **changes}

    return change


@pytest.fixture
def due(alice, policy):
    """A user who must have a second factor, has none, and the client's form of what a sign-in gives."""
    policy(REQUIRED="all")
    body = alice.post("jwt/create", alice.credentials).json()
    return alice, body


@pytest.mark.parametrize(
    ("required", "who"),
    [
        ("nobody", set()),
        ("staff", {"staff", "root"}),
        ("all", {"plain", "staff", "root", "editor", "alice"}),
        (["editors"], {"editor"}),
        (["editors", "nobody"], {"editor"}),
        ([], set()),
        ("guarded_urls.is_alice", {"alice"}),
    ],
)
def test_the_matrix_of_whom_the_policy_is_about(person, policy, required, who):
    """API-10"""
    kinds = {
        "plain": {},
        "staff": {"is_staff": True},
        "root": {"is_superuser": True},
        "editor": {},
        "alice": {},
    }
    people = {name: person(name, **fields) for name, fields in kinds.items()}
    people["editor"].user.groups.add(Group.objects.create(name="editors"))
    policy(REQUIRED=required)
    assert {name for name, found in people.items() if services.is_required(found.user)} == who
    for name, found in people.items():
        body = found.post("jwt/create", found.credentials).json()
        assert ("enrollment_token" in body, "access" in body) == (name in who, name not in who)


@pytest.mark.parametrize("required", ["everybody", 5, None, [5], {"all": True}])
def test_a_policy_that_cannot_be_is_refused(policy, required):
    from twinlock.django.conf import settings

    policy(REQUIRED=required)
    with pytest.raises(ImproperlyConfigured, match="REQUIRED"):
        settings.REQUIRED  # noqa: B018


def test_the_sign_in_of_one_who_is_due_opens_enrollment_and_nothing_else(due):
    """ENR-11: it lives at most 15 minutes."""
    alice, body = due
    assert body.keys() == {"enrollment_required", "enrollment_token", "expires_at"}
    assert body["enrollment_required"] is True
    expires_at = datetime.datetime.fromisoformat(body["expires_at"].replace("Z", "+00:00")).timestamp()
    assert 0 < expires_at - alice.clock.now <= 900
    alice.bearer(body["enrollment_token"])
    alice.create()
    alice.clock.advance(30)
    enrolled = alice.post("totp/confirm", {"input_code": alice.code()})
    assert enrolled.status_code == 200
    assert alice.post("totp/create").status_code == 401
    alice.bearer(enrolled.json()["access"])
    assert alice.get("totp/status").json()["required"] is True
    assert "totp_challenge_token" in alice.post("jwt/create", alice.credentials).json()


PUBLIC = ("/api/jwt/jwks/", "get")
"""What opens without any token, too."""


def test_an_enrollment_token_opens_no_other_url(due, settings):
    """ENR-11: every route, every method, as a bearer's and as every token of a body."""
    settings.ROOT_URLCONF = "guarded_urls"
    alice, body = due
    token = body["enrollment_token"]
    paths = {concrete(route.path) for route in found_routes()}
    assert {"/api/totp/create/", "/api/jwt/verify/", "/guarded/asgi/", "/enforced/"} <= paths
    opened, malformed = set(), set()
    for path, method in itertools.product(paths, ("get", "post", "put", "patch", "delete")):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        tokens = dict.fromkeys(("token", "refresh", "totp_challenge_token"), token)
        answer = getattr(client, method)(path, {**tokens, "otp_code": "123456"}, format="json")
        assert answer.status_code < 500
        if answer.status_code == 400:
            malformed.add(path)
        elif answer.status_code not in (401, 403, 404, 405):
            opened.add((path, method))
    assert opened - {PUBLIC} == {(f"/api/totp/create{end}", "post") for end in ("/", ".json")}
    for_everybody = ("/api/jwt/", "/api/totp/recovery", "/api/totp/confirm")
    assert [path for path in malformed if not path.startswith(for_everybody)] == []
    alice.bearer(token)
    alice.create()
    assert alice.post("totp/confirm", {"input_code": alice.code()}).status_code == 200


def concrete(route):
    """A path of a route: patterns as DRF's routers write them, with something for each parameter."""
    text = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>", "json", route)
    return "/" + text.replace("^", "").replace("\\.", ".").replace("/?", "").replace("\\Z", "").replace(
        "$", ""
    )


def test_an_enrollment_token_dies(due, person):
    """ENR-11, CHL-04: with its time, with a new password, with the user, and altered."""
    alice, body = due
    token = body["enrollment_token"]
    for altered in (token.partition("~")[0], token[:-1], token + "A", "~" + token, token.replace("~", "~~")):
        alice.bearer(altered)
        assert alice.post("totp/create").status_code == 401
    alice.bearer(token)
    alice.user.is_active = False
    alice.user.save()
    assert alice.post("totp/create").status_code == 401
    alice.user.is_active = True
    alice.user.set_password("another password")
    alice.user.save()
    assert alice.post("totp/create").status_code == 401
    bob = person("bob")
    fresh = bob.post("jwt/create", bob.credentials).json()["enrollment_token"]
    bob.clock.advance(901)
    bob.bearer(fresh)
    assert bob.post("totp/create").status_code == 401


def test_the_grace_period_counts_from_the_stored_day(alice, policy):
    """API-10"""
    policy(REQUIRED="all", GRACE_PERIOD=DAY)
    first = alice.sign_in_by_password()
    assert first["enrollment_due_at"] == "2027-01-16T08:00:00Z"
    status = alice.get("totp/status").json()
    assert (status["required"], status["enrollment_due_at"]) == (True, "2027-01-16T08:00:00Z")
    alice.clock.advance(DAY - 1)
    again = alice.sign_in_by_password()
    assert again["enrollment_due_at"] == first["enrollment_due_at"]
    alice.clock.advance(1)
    assert "enrollment_token" in alice.post("jwt/create", alice.credentials).json()
    assert EnrollmentRequirement.objects.count() == 1


def test_tightening_applies_to_a_running_grace(alice, policy):
    """API-10: a shorter period, and tokens that were minted while it was longer."""
    policy(REQUIRED="all", GRACE_PERIOD=10 * DAY)
    tokens = alice.sign_in_by_password()
    alice.clock.advance(100)
    assert alice.http.get("/api/totp/status/").status_code == 200
    policy(GRACE_PERIOD=60)
    assert "enrollment_token" in alice.post("jwt/create", alice.credentials).json()
    response = alice.post("jwt/refresh", {"refresh": tokens["refresh"]})
    assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")


def test_a_view_of_the_project_is_closed_to_tokens_from_before_the_policy(alice, person, policy, settings):
    """API-10"""
    settings.ROOT_URLCONF = "guarded_urls"
    bob = person("bob")
    bob.enroll()
    alice.sign_in_by_password()
    enforced = lambda found: found.http.get("/enforced/")
    assert enforced(alice).json() == {"name": "alice"}
    policy(REQUIRED="all", GRACE_PERIOD=100)
    assert enforced(alice).status_code == 200
    alice.clock.advance(100)
    answer = enforced(alice)
    assert (answer.status_code, answer.json()["code"]) == (403, "enrollment_required")
    assert enforced(bob).json() == {"name": "bob"}
    assert APIClient().get("/enforced/").status_code == 401


def test_whoever_must_have_a_factor_cannot_turn_it_off(enrolled, policy):
    """API-10: neither with a code nor a step-up, nor where a project wants none; no code is spent on it."""
    policy(REQUIRED="all", GRACE_PERIOD=DAY, DANGER_DISABLE_WITHOUT_CODE=True)
    stepped = enrolled.post("totp/step_up", {"purpose": "disable", "otp_code": enrolled.code()}).json()
    signed_in = enrolled.http._credentials["HTTP_AUTHORIZATION"].split()[1]
    enrolled.clock.advance(30)
    codes = ({"otp_code": enrolled.code()}, {"backup_code": enrolled.backup_codes[0]}, {})
    for body, access in itertools.product(codes, (signed_in, stepped["access"])):
        enrolled.bearer(access)
        response = enrolled.post("totp/disable", body)
        assert (response.status_code, response.json()) == (
            403,
            {"detail": "Your account must have a second factor.", "code": "enrollment_required"},
        )
    assert services.status(enrolled.user).backup_codes_left == 10
    policy(REQUIRED="nobody")
    assert enrolled.post("totp/disable", {"otp_code": enrolled.code()}).status_code == 204


def test_a_reset_after_the_grace_leads_to_enrollment_and_not_into_the_account(alice, policy, caplog):
    """API-10, LOG-01: the day that counts is the first one, also for those who enrolled in time."""
    caplog.set_level("INFO", "twinlock.audit")
    policy(REQUIRED="all", GRACE_PERIOD=DAY)
    alice.enroll()
    alice.clock.advance(DAY)
    services.admin_reset(alice.user)
    assert "enrollment_token" in alice.post("jwt/create", alice.credentials).json()
    events = [record.twinlock for record in caplog.records if record.name == "twinlock.audit"]
    (required,) = [event for event in events if event["event"] == "enrollment_required"]
    assert (required["subject"], required["due_at"]) == (str(alice.user.pk), "2027-01-16T08:00:00+00:00")
    assert "sign_in_needs_enrollment" in [event["event"] for event in events]


def test_opting_out_is_not_for_those_who_must(alice, policy):
    """API-10: the policy's own options and the user's wish give way."""
    policy(REQUIRED="all", POLICY={"opt_out": "allowed", "fallback": "sign_in"})
    services.second_factor().set_method(str(alice.user.pk), "off")
    assert "enrollment_token" in alice.post("jwt/create", alice.credentials).json()
    policy(REQUIRED="nobody")
    assert "access" in alice.post("jwt/create", alice.credentials).json()
