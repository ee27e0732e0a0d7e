"""The Django project around a system: the same for all, so that only the system differs.

BENCH_SYSTEM names the module of `systems`, BENCH_DATABASE is `sqlite:<file>` or a PostgreSQL URL.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

system: ModuleType = importlib.import_module("systems." + os.environ["BENCH_SYSTEM"])


def database(url: str) -> dict[str, Any]:
    """The entry of DATABASES; connections stay open, as in production."""
    kept: dict[str, Any] = {"CONN_MAX_AGE": None}
    if url.startswith("sqlite:"):
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        name = url.removeprefix("sqlite:")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options, **kept}
    parts = urlsplit(url)
    place = {"NAME": parts.path[1:], "USER": parts.username, "HOST": parts.hostname, "PORT": parts.port}
    return {"ENGINE": "django.db.backends.postgresql", **place, **kept}


common: dict[str, Any] = {
    "SECRET_KEY": "a key for this benchmark alone, of fitting length",
    "ALLOWED_HOSTS": ["*"],
    "DATABASES": {"default": database(os.environ["BENCH_DATABASE"])},
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "USE_TZ": True,
    "ROOT_URLCONF": "urls",
    "MIDDLEWARE": [],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "REST_FRAMEWORK": {
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    },
    "LOGGING_CONFIG": None,
}
apps = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"]
own = dict(system.SETTINGS)
settings.configure(**{**common, **own, "INSTALLED_APPS": apps + own["INSTALLED_APPS"]})
django.setup()
