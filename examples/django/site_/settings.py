"""Settings of the reference site, safe as they stand: no key in the source, no debug page unless asked for.

Read from the environment, all optional:

* `SITE_VAR`: the folder for the database and the keys (default: `var` beside `manage.py`)
* `SITE_DATABASE_URL`: `postgresql://user:password@host:port/name`, or `mysql://…`, instead of SQLite
* `SITE_SECRET_KEY`, `TWINLOCK_KEYS`: the keys; without them, ones kept in `SITE_VAR` are used
* `SITE_HOSTS`: further host names, separated by commas
* `SITE_THROTTLE_RATE`: requests per address and kind of endpoint (default: Twinlock's own)
* `SITE_MAIL_DIR`: write mail to files there instead of to the terminal
* `SITE_AUDIT_LOG`: write the audit log to this file instead of to the terminal
* `SITE_DEBUG=1`: Django's debug pages
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

import twinlock
from site_.database import server, sqlite
from site_.keys import kept
from site_.mail import mailer

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("SITE_VAR") or BASE_DIR / "var")

DEBUG = os.environ.get("SITE_DEBUG") == "1"
SECRET_KEY = os.environ.get("SITE_SECRET_KEY") or kept(VAR / "secret_key", get_random_secret_key)
more_hosts = filter(None, os.environ.get("SITE_HOSTS", "").split(","))
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *more_hosts]

TWINLOCK = {
    "KEYS": os.environ.get("TWINLOCK_KEYS")
    or kept(VAR / "twinlock_keys", lambda: twinlock.KeyRing.generate().to_text()),
    "ISSUER": "Twinlock Example",
    "JWT": {"ISSUER": "twinlock-example", "AUDIENCE": "twinlock-example"},
    "SITE": {"DOMAIN": "127.0.0.1:8000", "NAME": "Twinlock Example", "PROTOCOL": "http"},
}
if rate := os.environ.get("SITE_THROTTLE_RATE"):
    TWINLOCK["THROTTLE_RATE"] = rate

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "twinlock.django",
    "twinlock.django.admin_apps.TwinlockAdminConfig",
    "page",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "twinlock.django.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "page.security.content_security_policy",
]
ROOT_URLCONF = "site_.urls"
WSGI_APPLICATION = "site_.wsgi.application"
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
STATIC_URL = "/static/"
LOGIN_URL = "twinlock:sign_in"
LOGIN_REDIRECT_URL = "twinlock:status"

url = os.environ.get("SITE_DATABASE_URL")
DATABASES = {"default": server(url) if url else sqlite(VAR / "site.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all worker processes, so that the limit per address counts them together; no service of its own.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["twinlock.drf.authentication.TwinlockAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["twinlock.drf.parsers.JSONParser"],
}

mail_dir = os.environ.get("SITE_MAIL_DIR")
globals().update(mailer("filebased", file_path=mail_dir) if mail_dir else mailer("console"))
DEFAULT_FROM_EMAIL = "Twinlock Example <noreply@localhost>"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

audit_log = os.environ.get("SITE_AUDIT_LOG")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"}},
    "handlers": {
        "terminal": {"class": "logging.StreamHandler", "formatter": "line"},
        "audit": {"class": "logging.FileHandler", "filename": audit_log, "formatter": "line"}
        if audit_log
        else {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "loggers": {
        "twinlock.audit": {"handlers": ["audit"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["terminal"], "level": "ERROR", "propagate": False},
    },
}
