"""docs/django.md tells the truth: its settings pass the checks, its views guard, its commands exist.

A `python` block belongs to the file that the HTML comment before it names: one project is made of all of
them, and `manage.py check --deploy` must have nothing to say. Blocks after `<!-- shell -->` run in it.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from snippets import joined

import twinlock

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/django.md"
SOURCES = "\n".join(path.read_text() for path in (ROOT / "python/twinlock").rglob("*.py"))

SETTINGS = """
import os
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "guide.sqlite3"}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.middleware.clickjacking.XFrameOptionsMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request",
                           "django.contrib.auth.context_processors.auth",
                           "django.contrib.messages.context_processors.messages"]}}]
STATIC_URL = "static/"
"""
RUNNING = """
from settings import *
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
from site_.mail import mailer
globals().update(mailer("locmem"))
LOGGING = {}
"""
URLS = """
from django.contrib import admin
from django.urls import include, path
import views
urlpatterns = [
    path("payout/", views.Payout.as_view()), path("pay/", views.payout), path("statement/", views.statement),
]
"""
START = """
import json
import django, pyotp
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
alice = get_user_model().objects.create_user("alice", "alice@acme.example", "correct horse battery")
client = Client()

def send(method, path, body=None, token=None):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    text = json.dumps(body or {})
    return client.generic(method, path, text, "application/json", secure=True, headers=headers)

tokens = send("POST", "/api/jwt/create/", {"username": "alice", "password": "correct horse battery"}).json()
made = send("POST", "/api/totp/create/", token=tokens["access"]).json()
phone = pyotp.parse_uri(made["otpauth_uri"])
enrolled = send("POST", "/api/totp/confirm/", {"input_code": phone.now()}, tokens["access"]).json()
access = enrolled["access"]

get_user_model().objects.create_user("bob", "bob@acme.example", "correct horse battery")  # only begins
begun = send("POST", "/api/jwt/create/", {"username": "bob", "password": "correct horse battery"}).json()
assert send("POST", "/api/totp/create/", token=begun["access"]).status_code == 201
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of all the guide's files."""
    settings = joined(GUIDE, "settings.py") + joined(GUIDE, "session_settings.py")
    (tmp_path / "settings.py").write_text(SETTINGS + settings)
    (tmp_path / "running.py").write_text(RUNNING)
    (tmp_path / "views.py").write_text(joined(GUIDE, "views.py"))
    (tmp_path / "urls.py").write_text(URLS + joined(GUIDE, "urls.py") + joined(GUIDE, "session_urls.py"))
    return tmp_path


def run(project: Path, *arguments: str, settings: str = "running") -> str:
    """Runs Python in the project; returns all that it said."""
    environment = {
        "TWINLOCK_KEYS": twinlock.KeyRing.generate().to_text(),
        "DJANGO_SECRET_KEY": "only for this test, long enough, and with 0123456789 many characters",
        "REDIS_URL": "redis://127.0.0.1:1",
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": f"{project}:{ROOT / 'examples/django'}",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_settings_of_the_guide_pass_the_checks_for_deployment(project: Path) -> None:
    said = run(project, "-m", "django", "check", "--deploy", settings="settings")
    assert "no issues" in said, said


def test_the_views_of_the_guide_ask_for_a_fresh_second_factor(project: Path) -> None:
    program = f"""{START}
for method, path in (("POST", "/payout/"), ("POST", "/pay/"), ("GET", "/statement/")):
    first = send(method, path)
    assert first.status_code in (401, 403), (path, first.content)
    fresh = send(method, path, token=access)
    assert fresh.status_code == 200, (path, fresh.content)  # the enrollment was a second factor just now

import twinlock.django.evidence
from unittest import mock
with mock.patch("twinlock.django.evidence.TokenEvidence.is_fresh", return_value=False):
    for method, path in (("POST", "/payout/"), ("POST", "/pay/"), ("GET", "/statement/")):
        asked = send(method, path, token=access)
        assert (asked.status_code, asked.json()["code"]) == (403, "second_factor_required"), asked.content
        assert asked.json()["purpose"] == "payout" and asked.json()["methods"] == ["otp", "backup"]
answer = {{"purpose": "payout", "backup_code": enrolled["backup_codes"][0]}}
up = send("POST", "/api/totp/step_up/", answer, access)
assert up.status_code == 200, up.content
assert send("POST", "/payout/", token=up.json()["access"]).status_code == 200
"""
    run(project, "-c", program)


def test_what_the_guide_types_into_the_shell_runs(project: Path) -> None:
    program = f"""{START}
{joined(GUIDE, "shell")}
assert services.status(alice).enabled
assert send("GET", "/api/totp/status/", token=access).status_code == 401
"""
    run(project, "-c", program)


def test_every_command_event_and_check_of_the_guide_exists() -> None:
    text = GUIDE.read_text()
    commands = ROOT / "python/twinlock/django/management/commands"
    for name in set(re.findall(r"\btwinlock_[a-z]+\b", text)):
        assert (commands / f"{name}.py").exists(), name
    table = text.partition("| alert on |")[2].partition("\n\n")[0]
    for name in set(re.findall(r"`([a-z_]+)`", table)) - {"reason"}:
        assert f'"{name}' in SOURCES, name
    checks = set(re.findall(r"twinlock\.([EW]\d{3})", SOURCES))
    listed = text.partition("| id | about |")[2].partition("\n\n")[0]
    shown = set(re.findall(r"[EW]\d{3}", listed)) | {"W011", "W012", "W013"}
    assert checks == shown


def test_the_endpoints_of_the_guide_are_those_of_the_document() -> None:
    document = (ROOT / "docs/openapi.json").read_text()
    paths = {
        re.sub(r"\{\w+\}", "<id>", found) for found in re.findall(r'^  "/api/([^"]+)": \{$', document, re.M)
    }
    named = set(re.findall(r"`(?:GET |POST |PATCH |DELETE )+([a-z_/<>]+)`", GUIDE.read_text()))
    assert named == paths


def test_every_link_of_the_guide_leads_somewhere() -> None:
    text = GUIDE.read_text()
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in re.findall(r"^#+ .*$", text, re.M)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        page, _, place = target.partition("#")
        assert (GUIDE.parent / page).exists() if page else place in headings, target
