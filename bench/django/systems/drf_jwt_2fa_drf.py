"""drf-jwt-2fa's endpoints, as its README mounts them."""

from __future__ import annotations

from typing import Any

import pyotp

PATH = "/api/auth/"
SETTINGS = {"INSTALLED_APPS": ["drf_jwt_2fa"]}


def routes() -> list[Any]:
    """The project's URLs."""
    from django.urls import include, path

    return [path("api/", include("drf_jwt_2fa.urls"))]


def prepare(users: list[Any]) -> list[dict[str, str]]:
    """Enrolls by the package's own model."""
    from drf_jwt_2fa import models, totp
    from drf_jwt_2fa.token_manager import CodeTokenManager

    bodies = []
    for user in users:
        secret = totp.generate_totp_secret()
        data = models.UserTwoFactorAuthData(user=user, preferred_2fa_auth="totp")
        data.set_totp_secret(secret)
        data.save()
        token = CodeTokenManager().create_code_token(user)
        bodies.append({"code_token": token, "code": pyotp.TOTP(secret).now()})
    return bodies
