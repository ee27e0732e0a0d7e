"""What an attacker with the password can get, by any endpoint, and what does not help."""

import re

import pytest
from django.urls import get_resolver

from twinlock.django import services

DAY = 86_400
CODES = 10**6

EXEMPT = {"jwt/refresh/", "jwt/refresh_sliding/", "jwt/verify/", "jwt/logout/", "jwt/jwks/"}
"""Whoever holds a signed token may show it as often as needed: guessing one is beyond any rate."""


def endpoints():
    """All routes of ours with their views' methods, as the URLconf has them."""
    for pattern in get_resolver("twinlock.drf.urls").url_patterns:
        path = re.sub(r"\\?\\Z|[$^]", "", str(pattern.pattern))
        path = re.sub(r"<[^>]*>", "x", path)
        view = getattr(pattern.callback, "cls", None) or pattern.callback.view_class
        if path in EXEMPT or "format" in str(pattern.pattern) or view.__name__ == "APIRootView":
            continue
        actions = getattr(pattern.callback, "actions", None)
        yield from ((path, method) for method in actions or view().allowed_methods if method != "OPTIONS")


@pytest.mark.parametrize(("path", "method"), list(endpoints()))
def test_thr_07_every_endpoint_is_limited(enrolled, settings, path, method):
    """THR-07: the second request of a day is refused where one is allowed."""
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "1/day"}
    call = getattr(enrolled.http, method.lower())
    body = {"token": "x"} if path.endswith("recovery_confirm/") else {}
    first, second = (call(f"/api/{path}", body, format="json") for _ in range(2))
    if path == "jwt/logout_all/":  # the first one ended the token; the address is not the one to count
        assert (first.status_code, second.status_code) == (204, 401)
        return
    assert first.status_code not in (429, 500)
    assert second.status_code == 429
    assert second.json()["code"] == "throttled"
    assert int(second["Retry-After"]) > 0


def test_thr_06_a_right_first_factor_resets_no_count_of_the_second(enrolled):
    """THR-06: four wrong codes, a fresh sign-in with the password, and the fifth locks."""
    for _ in range(4):
        assert enrolled.answer(otp_code=enrolled.wrong_code()).status_code == 400
        assert enrolled.post("jwt/create", enrolled.credentials).status_code == 200
    assert services.status(enrolled.user).failures_in_a_row == 4
    assert enrolled.answer(otp_code=enrolled.wrong_code()).json()["retry_after"] == 30
    enrolled.clock.advance(20)
    assert enrolled.post("jwt/create", enrolled.credentials).status_code == 200
    locked = enrolled.answer(otp_code=enrolled.code())
    assert (locked.status_code, locked.json()["retry_after"]) == (429, 10), "nor does it end a lock"
    assert services.status(enrolled.user).failures_in_a_row == 5


@pytest.mark.parametrize(
    ("forwarded", "remote"),
    [("10.0.0.{}", "198.51.100.1"), ("10.0.0.{}, 203.0.113.9", "10.9.9.9"), ("x{}\x00;", "10.9.9.9")],
)
@pytest.mark.parametrize("proxies", [0, 1])
def test_thr_02_a_made_up_address_is_no_new_client(enrolled, settings, forwarded, remote, proxies):
    """THR-02: what the client writes does not count; what cannot be read is safe."""
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "3/day", "TRUSTED_PROXIES": proxies}
    if proxies and "," not in forwarded and forwarded.startswith("10"):
        forwarded += ", 203.0.113.9"
    statuses = [
        enrolled.post(
            "jwt/totp/send",
            {"totp_challenge_token": "x"},
            REMOTE_ADDR=remote,
            HTTP_X_FORWARDED_FOR=forwarded.format(number),
        ).status_code
        for number in range(6)
    ]
    assert statuses == [400] * 3 + [429] * 3


def test_thr_08_thirty_days_of_guessing_at_the_defaults_come_to_nothing(enrolled, settings):
    """THR-08: with password and access token, at every endpoint that takes a code, as often as they let.

    The user signs in every day, which ends locks of codes in a row. The chance counts every code that the
    defaults accept at a moment.
    """
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {}}
    policy = services.engine().policy
    clock, guesses, turn = enrolled.clock, 0, 0
    end, next_sign_in = clock.now + 30 * DAY, clock.now + DAY
    while clock.now < end:
        if clock.now >= next_sign_in:
            signed_in = enrolled.answer(otp_code=enrolled.code())
            if signed_in.status_code == 200:
                enrolled.bearer(signed_in.json()["access"])
                next_sign_in = clock.now + DAY
        response = guess(enrolled, turn)
        turn += 1
        if response.status_code == 400:
            guesses += 1
        else:
            assert response.json()["code"] == "locked", response.json()
        clock.advance(max(1, min(response.json().get("retry_after", 1), DAY // 4)))
    right_at_once = 2 * policy.window + 1
    chance = 1 - (1 - right_at_once / CODES) ** guesses
    assert guesses >= 10, "the attacker did try"
    assert chance <= 0.0005, f"{guesses} guesses: {chance:.4%}"


def guess(person, turn):
    """One guess by the next way there is; at the sign-in where the access token has ended."""
    wrong = {"otp_code": person.wrong_code()}
    bodies = {
        "totp/disable": wrong,
        "totp/step_up": {**wrong, "purpose": "general"},
        "totp/rotate_backup_codes": wrong,
        "totp/devices": wrong,
    }
    path, body = list(bodies.items())[turn % len(bodies)]
    response = person.post(path, body)
    return person.answer(**wrong) if response.status_code == 401 else response
