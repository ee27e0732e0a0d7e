"""drf-jwt-2fa's endpoints, as its README mounts them."""

from __future__ import annotations

from typing import Any

PATH, CODE = "/api/auth/", "code"
SETTINGS = {"INSTALLED_APPS": ["drf_jwt_2fa"]}


def routes() -> list[Any]:
    """The project's URLs."""
    from django.urls import include, path

    return [path("api/", include("drf_jwt_2fa.urls"))]


def prepare(users: list[Any]) -> list[tuple[str, dict[str, str]]]:
    """Enrolls by the package's own model."""
    from drf_jwt_2fa import models, totp
    from drf_jwt_2fa.token_manager import CodeTokenManager

    made = []
    for user in users:
        secret = totp.generate_totp_secret()
        data = models.UserTwoFactorAuthData(user=user, preferred_2fa_auth="totp")
        data.set_totp_secret(secret)
        data.save()
        token = CodeTokenManager().create_code_token(user)
        made.append((secret, {"code_token": token}))
    return made
