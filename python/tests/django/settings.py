"""The test project.

TWINLOCK_TEST_DB chooses the database (`sqlite`, or a URL that begins with `postgresql://` or `mysql://`; with
`?prepared` PostgreSQL keeps the statements' plans), TWINLOCK_TEST_USER the user model.
"""

import os
import tempfile
from urllib.parse import unquote, urlsplit

import django
import pymysql

from twinlock import KeyRing


def database(url: str) -> dict[str, object]:
    """The entry of DATABASES for a URL. SQLite is a file, so that threads are real rivals."""
    if url == "sqlite":
        path = os.path.join(tempfile.mkdtemp(prefix="twinlock-test-"), "test.sqlite3")
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20}
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": options,
            "TEST": {"NAME": path},
        }
    parts = urlsplit(url)
    more = {}
    if parts.scheme == "mysql":
        pymysql.install_as_MySQLdb()
        # Stricter than Django's own choice, as MariaDB is by itself.
        more = {"OPTIONS": {"isolation_level": "repeatable read"}}
    elif parts.query == "prepared":
        more = {"OPTIONS": {"server_side_binding": True, "prepare_threshold": 0}}
    return {
        "ENGINE": f"django.db.backends.{parts.scheme}",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "TEST": {
            "NAME": f"test_twinlock_{os.getpid()}",
            "CHARSET": "utf8mb4" if parts.scheme == "mysql" else None,
        },
        **more,
    }


USERS = {"default": None, "uuid": ("uuid_people", "Person"), "text": ("text_people", "Person")}
people = USERS[os.environ.get("TWINLOCK_TEST_USER", "default")]

SECRET_KEY = "a-key-for-tests-only-" + "x" * 40
DATABASES = {"default": database(os.environ.get("TWINLOCK_TEST_DB", "sqlite"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
ROOT_URLCONF = "urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "rest_framework",
    "twinlock.django",
    people[0] if people else "django.contrib.admin",  # the admin wants users with permissions
]
if people:
    AUTH_USER_MODEL = ".".join(people)
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL = "django.core.mail.backends.locmem.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL}}
else:
    EMAIL_BACKEND = MAIL
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["twinlock.drf.authentication.TwinlockAuthentication"],
}
TWINLOCK = {
    "KEYS": KeyRing.generate().to_text(),
    "ISSUER": "Acme",
    "POLICY": {"window": 2},
    "JWT": {"ISSUER": "https://acme.example", "AUDIENCE": "acme"},
    "MAIL_SENDER": "twinlock.django.mail.at_once",
    "NOTICES": ["disabled"],  # most tests count the mails that django-totp sends, too
}
