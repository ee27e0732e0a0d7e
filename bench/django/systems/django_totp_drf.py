"""django-totp's endpoints, as its README mounts them."""

from __future__ import annotations

import base64
from typing import Any

PATH, CODE = "/api/jwt/totp/verify/", "otp_code"
SETTINGS = {
    "INSTALLED_APPS": ["django_totp"],
    "TOTP_ENCRYPTION_KEY": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    "TOTP_THROTTLE_RATE": "1000000000/minute",
    "TOTP_TOKEN_MAX_AGE": 3600,
}


def routes() -> list[Any]:
    """The project's URLs."""
    from django.urls import include, path

    return [path("api/", include("django_totp.urls.jwt"))]


def prepare(users: list[Any]) -> list[tuple[str, dict[str, str]]]:
    """Enrolls by the package's own helpers."""
    from django_totp import auth, backup_code, backup_code_utils, encryption, models, totp

    made = []
    for user in users:
        secret = totp.generate_totp_secret()
        models.Totp.objects.create(user=user, secret_key=encryption.encrypt(secret))
        backup_code_utils.store_backup_codes(user, backup_code.generate_backup_codes())
        made.append((secret, {"totp_challenge_token": auth.generate_challenge_token(user)}))
    return made
