"""Twinlock's endpoints, as a project mounts them."""

from __future__ import annotations

import base64
import time
from typing import Any

import pyotp

PATH, CODE = "/api/jwt/totp/verify/", "otp_code"
SETTINGS = {
    "INSTALLED_APPS": ["twinlock.django"],
    "TWINLOCK": {
        "KEYS": "tlk1_" + base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("="),
        "ISSUER": "Bench",
        "POLICY": {"challenge_life": 300},
        "THROTTLE_RATE": "1000000000/minute",
        "JWT": {"ISSUER": "bench", "AUDIENCE": "bench"},
        "NOTICES": [],
    },
}


def routes() -> list[Any]:
    """The project's URLs."""
    from django.urls import include, path

    return [path("api/", include("twinlock.drf.urls"))]


def prepare(users: list[Any]) -> list[tuple[str, dict[str, str]]]:
    """Enrolls each and opens a sign-in."""
    from twinlock.django import services

    made = []
    for user in users:
        setup = services.begin_enrollment(user)
        _confirm(user, pyotp.parse_uri(setup.uri))
        challenge = services.begin_sign_in(user).challenge
        made.append((setup.secret, {"totp_challenge_token": challenge}))
    return made


def _confirm(user: Any, phone: Any) -> None:
    """With the code of the step before: the present one stays unused. Again where a step ended meanwhile."""
    from twinlock.django import services
    from twinlock.errors import Refused

    for last in (False, True):
        try:
            services.confirm_enrollment(user, phone.at(time.time() - 30))
        except Refused:
            if last:
                raise
        else:
            return
