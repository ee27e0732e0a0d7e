"""Looking at one's sessions and ending them, and what ends them without being asked."""

import pytest
from rest_framework.test import APIClient

from twinlock.django import services
from twinlock.django.models import RefreshSession

UNAUTHENTICATED = "Authentication credentials were not provided."
PHONE = {"HTTP_USER_AGENT": "okhttp/4.12.0", "REMOTE_ADDR": "203.0.113.9"}


def bearer(access):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def listed(access):
    response = bearer(access).get("/api/jwt/sessions/")
    assert response.status_code == 200, response.json()
    return response.json()["sessions"]


def sign_in_by_phone(person):
    body = {**person.credentials, "device": "Ann's phone"}
    return APIClient().post("/api/jwt/create/", body, format="json", **PHONE).json()


def logout(**body):
    return APIClient().post("/api/jwt/logout/", body, format="json")


def refresh(token):
    return APIClient().post("/api/jwt/refresh/", {"refresh": token}, format="json")


def test_the_list_says_where_and_when_and_which_one_this_is(alice):
    first = alice.sign_in_by_password()
    alice.clock.advance(100)
    second = sign_in_by_phone(alice)
    found = listed(first["access"])
    assert [set(session) for session in found] == [
        {"id", "device", "address", "created_at", "last_used_at", "expires_at", "current"}
    ] * 2
    assert [session["current"] for session in found] == [False, True]
    phone = {**found[0], "id": None}
    assert phone == {
        "id": None,
        "device": "Ann's phone (okhttp/4.12.0)",
        "address": "203.0.113.9",
        "created_at": "2027-01-15T08:01:40Z",
        "last_used_at": "2027-01-15T08:01:40Z",
        "expires_at": "2027-01-16T08:01:40Z",
        "current": False,
    }
    secret_parts = [token.split(".")[2] for token in (*first_two(first), *first_two(second))]
    assert not any(part in str(found) for part in secret_parts)


def first_two(tokens):
    return tokens["access"], tokens["refresh"]


def test_the_list_moves_with_use_and_holds_100_at_most(alice):
    tokens = alice.sign_in_by_password()
    access = tokens["access"]
    for _ in range(3):
        sign_in_by_phone(alice)
    alice.clock.advance(50)
    refresh(tokens["refresh"])
    assert [session["current"] for session in listed(access)] == [True, False, False, False]
    row = RefreshSession.objects.first()
    RefreshSession.objects.bulk_create(
        RefreshSession(
            id=f"{number:032x}",
            **{field: getattr(row, field) for field in ("user_id", "epoch", "credential", "created_at")},
            last_used_at=row.created_at,
            expires_at=row.expires_at,
        )
        for number in range(120)
    )
    assert len(listed(access)) == 100


def test_jwt_15_a_session_is_ended_from_another(alice):
    here, there = alice.sign_in_by_password(), sign_in_by_phone(alice)
    [other] = [session["id"] for session in listed(here["access"]) if not session["current"]]
    response = bearer(here["access"]).delete(f"/api/jwt/sessions/{other}/")
    assert (response.status_code, response.content) == (204, b"")
    assert refresh(there["refresh"]).status_code == 401
    assert bearer(there["access"]).get("/me/").status_code == 401
    assert [session["current"] for session in listed(here["access"])] == [True]
    assert bearer(here["access"]).delete(f"/api/jwt/sessions/{other}/").status_code == 404


@pytest.mark.parametrize("name", ["0" * 32, "x", "x" * 300, "%00", "日本"])
def test_another_users_session_is_as_unknown_as_one_that_is_none(alice, person, name):
    alice.sign_in_by_password()
    bob = person("bob").sign_in_by_password()
    theirs = RefreshSession.objects.get(user=alice.user).pk
    answers = [bearer(bob["access"]).delete(f"/api/jwt/sessions/{found}/") for found in (theirs, name)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json() == {"detail": "Not found.", "code": "not_found"}
    assert RefreshSession.objects.get(pk=theirs).revoked_at is None


@pytest.mark.parametrize("by", ["refresh", "access"])
def test_jwt_15_logout_ends_the_session_at_once_by_either_token(alice, by):
    """JWT-15: refresh at once, access at once, the other sessions not at all."""
    tokens, other = alice.sign_in_by_password(), sign_in_by_phone(alice)
    if by == "refresh":
        response = logout(refresh=tokens["refresh"])
    else:
        response = bearer(tokens["access"]).post("/api/jwt/logout/")
    assert (response.status_code, response.content) == (204, b"")
    assert refresh(tokens["refresh"]).status_code == 401
    assert bearer(tokens["access"]).get("/me/").status_code == 401
    assert refresh(other["refresh"]).status_code == 200
    assert logout(refresh=tokens["refresh"]).status_code == 204, "to log out twice is no error"


def test_jwt_15_without_the_check_an_access_token_ends_within_its_life(alice, settings):
    jwt = {**settings.TWINLOCK["JWT"], "CHECK_SESSIONS": False}
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": jwt}
    tokens = alice.sign_in_by_password()
    assert logout(refresh=tokens["refresh"]).status_code == 204
    assert refresh(tokens["refresh"]).status_code == 401
    assert bearer(tokens["access"]).get("/me/").status_code == 200
    alice.clock.advance(300)
    assert bearer(tokens["access"]).get("/me/").status_code == 401


def test_logout_without_a_token_that_counts(alice, db):
    nobody = logout()
    assert (nobody.status_code, nobody["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert nobody.json() == {"detail": UNAUTHENTICATED, "code": "not_authenticated"}
    access = alice.sign_in_by_password()["access"]
    for token in ("no.token.ofours", access):
        response = logout(refresh=token)
        assert response.json() == {"detail": "Token is invalid", "code": "token_not_valid"}
    assert logout(refresh=["x"]).status_code == 400


def test_a_stale_bearer_token_is_not_in_the_way_of_a_logout(alice):
    tokens = alice.sign_in_by_password()
    alice.clock.advance(301)
    stale = bearer(tokens["access"])
    response = stale.post("/api/jwt/logout/", {"refresh": tokens["refresh"]}, format="json")
    assert response.status_code == 204
    assert stale.post("/api/jwt/logout/").status_code == 401


@pytest.mark.parametrize("second_factor", [True, False])
def test_chl_04_logout_all_ends_everything_at_once(person, second_factor):
    """CHL-04, JWT-15: with and without a second factor."""
    alice, bob = person("alice"), person("bob")
    if second_factor:
        alice.enroll()
        tokens, challenge = alice.sign_in(), alice.challenge()
    else:
        tokens = alice.sign_in_by_password()
        sign_in_by_phone(alice)
    theirs = bob.sign_in_by_password()
    response = bearer(tokens["access"]).post("/api/jwt/logout_all/")
    assert (response.status_code, response.content) == (204, b"")
    assert refresh(tokens["refresh"]).status_code == 401
    assert bearer(tokens["access"]).get("/me/").status_code == 401
    assert not RefreshSession.objects.filter(user=alice.user, revoked_at=None).exists()
    assert refresh(theirs["refresh"]).status_code == 200
    if second_factor:
        assert alice.answer(challenge, otp_code=alice.code()).json()["code"] == "challenge_invalid"
        assert alice.sign_in(), "and a new sign-in works"


def new_password(person):
    person.user.set_password("another one")
    person.user.save()


CHANGES = {
    "a new password": new_password,
    "two-factor authentication off": lambda person: services.admin_reset(person.user),
    "recovery": lambda person: services.recover(person.user, backup=person.backup_codes[0]),
    "the epoch": lambda person: services.bump_epoch(person.user),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_enr_09_a_change_ends_the_sessions_and_takes_them_off_the_list(enrolled, change):
    """ENR-09, JWT-13: they die by the epoch and the password, whatever their rows say."""
    old = enrolled.sign_in()
    assert services.living_sessions(enrolled.user)
    change(enrolled)
    assert services.living_sessions(enrolled.user) == []
    response = refresh(old["refresh"])
    assert (response.status_code, response.json()["detail"]) == (401, "Token is invalid")
    assert logout(refresh=old["refresh"]).status_code == 204


@pytest.mark.parametrize("how", ["deactivated", "deleted"])
def test_jwt_13_no_endpoint_breaks_on_a_user_who_is_gone(enrolled, how):
    tokens = enrolled.sign_in()
    [session] = [session["id"] for session in listed(tokens["access"]) if session["current"]]
    if how == "deleted":
        enrolled.user.delete()
    else:
        type(enrolled.user).objects.update(is_active=False)
    client = bearer(tokens["access"])
    answers = [
        refresh(tokens["refresh"]),
        client.get("/api/jwt/sessions/"),
        client.delete(f"/api/jwt/sessions/{session}/"),
        client.post("/api/jwt/logout_all/"),
        client.post("/api/jwt/logout/"),
        APIClient().post("/api/jwt/verify/", {"token": tokens["refresh"]}, format="json"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert logout(refresh=tokens["refresh"]).status_code == 204


def test_log_01_each_end_of_a_session_has_its_event(enrolled, caplog):
    """LOG-01, with the request's correlation id."""
    caplog.set_level("INFO", "twinlock.audit")
    for _ in range(3):
        tokens = enrolled.sign_in()
    _, second, *_ = listed(tokens["access"])
    client = bearer(tokens["access"])
    client.delete(f"/api/jwt/sessions/{second['id']}/", HTTP_X_REQUEST_ID="r-1")
    client.post("/api/jwt/logout_all/")
    events = [log.twinlock for log in caplog.records if log.name == "twinlock.audit"]
    names = [event["event"] for event in events]
    assert names.count("session_started") == 3
    assert names[-3:] == ["session_revoked", "epoch_moved", "logged_out_everywhere"]
    assert events[-3]["session"] == second["id"]
    assert events[-3]["request_id"] == "r-1"
