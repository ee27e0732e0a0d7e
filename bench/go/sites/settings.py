"""A site as it is measured: one package's own endpoints, nothing beside them, no limit in the way.

SITE_PACKAGE names the package, or the floor under all of them; SITE_DATABASE is a file or a PostgreSQL URL.
"""

import os
from urllib.parse import unquote, urlsplit

PACKAGE = os.environ["SITE_PACKAGE"]

SECRET_KEY = "only-for-this-measurement-" + "x" * 40
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    {"twinlock": "twinlock.django", "floor": "twinlock.django"}.get(PACKAGE, PACKAGE),
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "urls"
ENDPOINTS = {
    "django_totp": "django_totp.urls.jwt",
    "drf_jwt_2fa": "drf_jwt_2fa.urls",
    "twinlock": "twinlock.drf.urls",
    "floor": "floor",
}[PACKAGE]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

TOTP_ENCRYPTION_KEY = "xxOkCb6NfYl7WeWr7Fs0xzk_plMqz3VNJxqLtWRmlH0="
TOTP_TOKEN_MAX_AGE = 600
# DRF's throttle keeps every request of an address in a list; without a rate it does nothing at all.
TOTP_THROTTLE_RATE = None

TWINLOCK = {
    "KEYS": "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "ISSUER": "Measured",
    "POLICY": {"challenge_life": 300},
    "THROTTLE_RATE": "1000000000/minute",
    "JWT": {"ISSUER": "measured", "AUDIENCE": "measured"},
    "NOTICES": [],
}

place = os.environ["SITE_DATABASE"]
if place.startswith("postgresql://"):
    parts = urlsplit(place)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": parts.username,
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname,
            "PORT": str(parts.port),
            "CONN_MAX_AGE": 600,
            # Each connection keeps the plans of its statements, for whichever package.
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": place,
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL",
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
            },
        }
    }
