"""API-13: the committed OpenAPI document is made from the code, valid, and complete.

That every answer is as it says is asserted with every request of this folder's tests (conftest.py).
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from contract import DOCUMENT, Contract
from django.urls import URLPattern, get_resolver
from openapi_spec_validator import validate

from twinlock._twinlock import ERROR_CODES
from twinlock.drf.schema.codes import OWN
from twinlock.drf.schema.operations import TABLE

ROOT = Path(__file__).resolve().parents[3]
CONTRACT = Contract()


def test_api_13_the_document_is_made_from_the_endpoints():
    """API-13: the committed file is what the script prints, without a warning."""
    command = [sys.executable, str(ROOT / "scripts/openapi.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout == DOCUMENT.read_text(), "python scripts/openapi.py > docs/openapi.json"


def test_api_13_the_document_is_valid_openapi():
    """API-13: a validator of the format has no objection."""
    validate(json.loads(DOCUMENT.read_text()))


def test_api_13_every_endpoint_has_a_row():
    """API-13: each method of each routed view is in the table, and no row stands for nothing."""
    found = set()
    for pattern in _patterns(get_resolver().url_patterns):
        view = getattr(pattern.callback, "cls", None)
        if view is None or not view.__module__.startswith("twinlock."):
            continue
        actions = getattr(pattern.callback, "actions", None)
        methods = actions.values() if actions else {"get", "post", "patch", "put", "delete"} & set(dir(view))
        found |= {(view.__name__, method) for method in methods}
    assert found == set(TABLE)


def test_api_13_every_code_is_known_to_the_core_or_to_the_app():
    """API-13: and every endpoint has the codes that all share."""
    documented = {code for each in CONTRACT.operations() for code in CONTRACT.codes(*each)}
    assert documented <= set(ERROR_CODES) | set(OWN)
    for method, path in CONTRACT.operations():
        assert {"not_acceptable", "body_too_large", "store_failed"} <= CONTRACT.codes(method, path)


@pytest.mark.parametrize("status", ["429", "503"])
def test_api_13_answers_to_wait_for_have_the_header(status):
    """API-13: `Retry-After` is documented wherever it is sent."""
    for method, path in CONTRACT.operations():
        answer = CONTRACT.document["paths"][path][method]["responses"].get(status)
        assert answer is None or "Retry-After" in answer["headers"], (method, path)


def test_the_app_runs_where_drf_spectacular_is_missing():
    """API-05: nothing but the schema asks for it, and the schema only where the project installed it."""
    program = (
        "import sys; sys.modules['drf_spectacular'] = None\n"
        "import django; django.setup()\n"
        "import twinlock.drf.urls\n"
        "assert 'twinlock.drf.schema' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], env=_environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_projects_own_document_follows_its_settings():
    """API-13: sliding tokens, the trust header and another user model are in the document of who has them."""
    program = (
        "import json, django; django.setup()\n"
        "from drf_spectacular.generators import SchemaGenerator\n"
        "print(json.dumps(SchemaGenerator(urlconf='drf_urls').get_schema(public=True)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{SPECTACULAR}\n{program}"],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert "token" in document["components"]["schemas"]["SignedIn"]["properties"]
    assert "access" not in document["components"]["schemas"]["SignedIn"]["properties"]
    names = [each["name"] for each in document["paths"]["/api/jwt/create/"]["post"]["parameters"]]
    assert set(names) == {"X-Trust", "twinlock_trust_token"}


SPECTACULAR = """
import settings
settings.INSTALLED_APPS.append("drf_spectacular")
settings.REST_FRAMEWORK["DEFAULT_SCHEMA_CLASS"] = "drf_spectacular.openapi.AutoSchema"
settings.TWINLOCK |= {"TRUST_HEADER": "X-Trust", "JWT": {"SLIDING": True}}
"""


def _environment():
    places = ("python/tests/django", "python/tests/drf")
    return {
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": ":".join(str(ROOT / place) for place in places),
        "PATH": "/usr/bin:/bin",
    }


def _patterns(entries):
    for entry in entries:
        yield from [entry] if isinstance(entry, URLPattern) else _patterns(entry.url_patterns)
