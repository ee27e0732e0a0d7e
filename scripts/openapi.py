"""Prints docs/openapi.json, made from the endpoints; run by a test, and by hand after a change.

python scripts/openapi.py > docs/openapi.json
"""

from __future__ import annotations

import json
import sys
import types
from typing import Any

import django
from django.conf import settings as django_settings

PREFIX = "api/"
ABOUT = """Twinlock's endpoints, as `include("twinlock.drf.urls")` serves them with the default settings.

Every error has `detail`, a sentence for people, and `code`, a stable name for programs; the errors of a
request's fields are lists under the fields' names. Beside what each endpoint lists, a method that it does
not know is 405 (`http_method_not_allowed`, with `Allow`), and a defect is 500 (`panic` where the core caught
it). Answers with `Retry-After` have the same number as `retry_after`. No cache may store an answer but that
of the public keys.
"""
PROJECT: dict[str, Any] = {
    "SECRET_KEY": "unused",
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "drf_spectacular",
        "twinlock.django",
    ],
    "TWINLOCK": {"KEYS": "unused"},
    "REST_FRAMEWORK": {
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": ["twinlock.drf.authentication.TwinlockAuthentication"],
    },
    "SPECTACULAR_SETTINGS": {"TITLE": "Twinlock", "DESCRIPTION": ABOUT, "SERVE_INCLUDE_SCHEMA": False},
}


def main() -> int:
    """Prints the document."""
    if not django_settings.configured:
        django_settings.configure(**PROJECT)
        django.setup()
    sys.stdout.write(page())
    return 0


def page() -> str:
    """The whole document as JSON text."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    """The whole document under the project's present settings."""
    from django.urls import include, path
    from drf_spectacular.generators import SchemaGenerator

    urls = types.ModuleType("openapi_urls")
    vars(urls)["urlpatterns"] = [path(PREFIX, include("twinlock.drf.urls"))]
    found: dict[str, Any] = SchemaGenerator(urlconf=urls, api_version="1").get_schema(public=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
