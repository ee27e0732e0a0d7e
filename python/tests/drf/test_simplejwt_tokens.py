"""A project that swaps: what simplejwt issued before goes on for a while, and opens nothing more."""

import datetime
import time

import pytest
from rest_framework_simplejwt import settings as simplejwt_settings
from rest_framework_simplejwt import tokens as simplejwt_tokens
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from twinlock.django import services
from twinlock.django.models import RefreshSession

UNTIL = "2027-02-01T00:00:00Z"
CODES = {"sent_codes": "sign_in", "fallback": "sent_code"}


def swap(settings, until=UNTIL, **changes):
    """The project's settings of before, under which the tokens were issued, and Twinlock's of today."""
    jwt = {**settings.TWINLOCK["JWT"], "ACCEPT_SIMPLEJWT_UNTIL": until}
    settings.TWINLOCK = {**settings.TWINLOCK, "JWT": jwt, **changes}


@pytest.fixture
def bob(settings, alice):
    """A user without a second factor, whose client has simplejwt's tokens, by its default settings."""
    swap(settings)
    alice.old = RefreshToken.for_user(alice.user)
    alice.bearer(str(alice.old.access_token))
    return alice


def code(response):
    return response.status_code, response.json().get("code")


def exchanged(person, token=None):
    return person.post("jwt/refresh", {"refresh": str(token or person.old)})


def test_an_access_token_of_simplejwt_opens_the_api_until_the_moment(bob, settings):
    assert bob.http.get("/me/").json()["name"] == "alice"
    assert bob.post("jwt/verify", {"token": str(bob.old.access_token)}).json() == {}
    bob.clock.now = int(datetime.datetime.fromisoformat(UNTIL.replace("Z", "+00:00")).timestamp())
    assert code(bob.http.get("/me/")) == (401, "token_not_valid")
    bob.clock.advance(-1)
    assert bob.http.get("/me/").status_code == 200
    swap(settings, until=None)
    assert code(bob.http.get("/me/")) == (401, "token_not_valid")
    assert code(exchanged(bob)) == (401, "token_not_valid")


def test_its_refresh_token_begins_a_session_here(bob):
    """JWT-14: with a first factor that nobody knows, at a time that nobody knows."""
    response = exchanged(bob)
    assert (response.status_code, set(response.json())) == (200, {"access", "refresh"})
    bob.bearer(response.json()["access"])
    claims = bob.http.get("/me/").json()["claims"]
    assert (claims["amr"], claims["auth_time"]) == (["simplejwt"], 0)
    assert [found["current"] for found in bob.get("jwt/sessions").json()["sessions"]] == [True]
    assert bob.post("jwt/refresh", {"refresh": response.json()["refresh"]}).status_code == 200


def test_a_user_with_a_second_factor_is_let_in_by_none_of_them(bob):
    """ENR-10: not by tokens from before the enrollment, nor by ones that somebody still issues."""
    old = str(bob.old.access_token)
    bob.clock.now = int(time.time()) - 600  # simplejwt's tokens have the machine's time
    bob.enroll()
    later = RefreshToken.for_user(bob.user)
    for access in (old, str(later.access_token)):
        bob.bearer(access)
        assert code(bob.http.get("/me/")) == (401, "token_not_valid")
        assert code(bob.post("jwt/verify", {"token": access})) == (401, "token_not_valid")
    for refresh in (bob.old, later):
        assert code(exchanged(bob, refresh)) == (401, "token_not_valid")
        assert code(bob.post("jwt/verify", {"token": str(refresh)})) == (401, "token_not_valid")
    assert not RefreshSession.objects.filter(device="simplejwt").exists()


@pytest.mark.parametrize("policy", [CODES, {"fallback": "enroll"}])
def test_nor_one_who_would_be_asked_for_something_else(bob, settings, policy):
    swap(settings, POLICY=policy)
    assert code(bob.http.get("/me/")) == (401, "token_not_valid")
    assert code(exchanged(bob)) == (401, "token_not_valid")
    assert len(services.living_sessions(bob.user)) == 0


def test_nor_one_who_prefers_sent_codes(bob, settings):
    swap(settings, POLICY={"sent_codes": "sign_in"}, CODE_SENDER="people.keep_code")
    assert bob.http.get("/me/").status_code == 200
    services.set_method(bob.user, "sent")
    assert code(bob.http.get("/me/")) == (401, "token_not_valid")


def test_whoever_must_have_a_second_factor_by_now_gets_no_session(bob, settings):
    """API-10"""
    swap(settings, REQUIRED="all")
    assert code(exchanged(bob)) == (401, "token_not_valid")
    swap(settings, REQUIRED="all", GRACE_PERIOD=60)
    assert exchanged(bob).status_code == 200


def test_they_are_no_step_up_and_set_no_authenticator_up(bob):
    """ENR-06, API-09: whatever a project wrote into them."""
    access = AccessToken.for_user(bob.user)
    now = bob.clock.now
    for name, value in {"amr": ["mfa", "otp"], "auth_time": now, "purpose": "disable", "epoch": 0}.items():
        access[name] = value
    bob.bearer(str(access))
    assert not {"amr", "auth_time", "purpose", "epoch"} & set(bob.http.get("/me/").json()["claims"])
    assert code(bob.post("totp/create")) == (403, "reauthentication_required")
    assert services.shows_step_up(str(access), "disable") is False
    bob.bearer(exchanged(bob).json()["access"])
    assert code(bob.post("totp/create")) == (403, "reauthentication_required")


def test_a_refresh_token_is_used_up_by_its_exchange(bob, heard_signals):
    """JWT-10, JWT-11: a copy that comes back later ends what the other one got."""
    tokens = exchanged(bob).json()
    assert code(exchanged(bob)) == (401, "token_not_valid")
    assert bob.post("jwt/verify", {"token": str(bob.old)}).status_code == 401
    assert bob.post("jwt/refresh", {"refresh": tokens["refresh"]}).status_code == 200, "two tabs were fast"
    assert "session_reused" not in heard_signals
    bob.clock.advance(11)
    assert code(exchanged(bob)) == (401, "token_not_valid")
    assert "session_reused" in heard_signals
    bob.bearer(tokens["access"])
    assert bob.http.get("/me/").status_code == 401


def test_of_two_at_once_one_gets_on(bob, monkeypatch):
    """JWT-10: whoever finds the token unused may still find it used when storing that."""
    from twinlock.django.services import simplejwt

    entitled = simplejwt._entitled

    def and_another(claims):
        user = entitled(claims)
        monkeypatch.setattr(simplejwt, "_entitled", entitled)
        assert exchanged(bob).status_code == 200
        return user

    monkeypatch.setattr(simplejwt, "_entitled", and_another)
    assert code(exchanged(bob)) == (401, "token_not_valid")
    assert len(services.living_sessions(bob.user)) == 1


def test_whoever_signs_out_by_it_is_out(bob):
    """JWT-15"""
    assert bob.post("jwt/logout", {"refresh": str(bob.old)}).status_code == 204
    assert code(exchanged(bob)) == (401, "token_not_valid")
    assert services.living_sessions(bob.user) == []


def test_ending_everything_ends_them_too(bob):
    """JWT-15: they are older than the epoch that began then."""
    services.logout_all(bob.user)
    assert code(bob.http.get("/me/")) == (401, "token_not_valid")
    assert code(exchanged(bob)) == (401, "token_not_valid")


def test_inactive_and_deleted_users_are_out(bob):
    """JWT-13"""
    bob.user.is_active = False
    bob.user.save()
    assert bob.http.get("/me/").status_code == 401
    assert code(exchanged(bob)) == (401, "token_not_valid")
    bob.user.delete()
    assert bob.http.get("/me/").status_code == 401
    assert code(exchanged(bob)) == (401, "token_not_valid")


def test_a_password_that_simplejwt_wrote_into_them_must_be_the_present_one(bob, monkeypatch):
    # simplejwt makes a new object when the setting changes, and its tokens keep the one they came with.
    for holder in (simplejwt_tokens, simplejwt_settings):
        monkeypatch.setattr(holder.api_settings, "CHECK_REVOKE_TOKEN", True)
    bob.bearer(str(AccessToken.for_user(bob.user)))
    assert bob.http.get("/me/").status_code == 200
    bob.user.set_password("another one")
    bob.user.save()
    assert code(bob.http.get("/me/")) == (401, "token_not_valid")


def test_no_token_of_ours_gets_in_by_that_door(bob, settings):
    """JWT-04: even where both packages sign with one key."""
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "JWT": {
            **settings.TWINLOCK["JWT"],
            "SIGNING_KEY": settings.SECRET_KEY,
            "ISSUER": None,
            "AUDIENCE": None,
        },
    }
    tokens = exchanged(bob).json()
    bob.bearer(tokens["refresh"])
    assert bob.http.get("/me/").status_code == 401
    services.logout_all(bob.user)
    bob.bearer(tokens["access"])
    assert bob.http.get("/me/").status_code == 401
    assert bob.post("jwt/refresh", {"refresh": str(bob.old.access_token)}).status_code == 401


def test_one_that_was_forged_or_is_over_is_refused(bob):
    over = AccessToken.for_user(bob.user)
    over.set_exp(lifetime=datetime.timedelta(seconds=-1))
    head, body, mac = str(bob.old.access_token).split(".")
    for token in (str(over), f"{head}.{body}.{mac[::-1]}", f"{head}.e30.{mac}"):
        bob.bearer(token)
        assert code(bob.http.get("/me/")) == (401, "token_not_valid")
