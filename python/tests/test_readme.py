"""The README tells the truth: its snippets run, or are word for word in a test that runs.

* A fenced `python` block runs in a folder of its own, in order, all blocks in one namespace. The codes that
  it "types" (six digits in quotes) are replaced by what an authenticator shows at that moment.
* A `python` block after the HTML comment `<!-- settings.py -->` or `<!-- urls.py -->` belongs to a Django
  project that has nothing else in it but what Django demands; `manage.py check` and the URLs must work.
* A `c` or `go` block stands word for word in a program that the tests of that language run.
* Every `make` target that is named exists.
"""

import ast
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyotp
import pytest
from snippets import blocks, joined

import twinlock

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


class Authenticator(ast.NodeTransformer):
    """Puts a fresh code in the place of each code in quotes: previous, current, next step, in this order."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"_typed": self._typed}
        self._offset = -1

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not (isinstance(node.value, str) and re.fullmatch(r"[0-9]{6}", node.value)):
            return node
        call = ast.Call(ast.Name("_typed", ast.Load()), [], [])
        return ast.copy_location(call, node)

    def _typed(self) -> str:
        totp = pyotp.parse_uri(self.names["setup"].uri)
        assert isinstance(totp, pyotp.TOTP)
        code = totp.at(time.time(), counter_offset=self._offset)
        self._offset += 1
        return code


def test_the_python_snippets_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = blocks(README, "python")
    assert found, "README.md shows no Python"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TWINLOCK_KEYS", twinlock.KeyRing.generate().to_text())
    if 30 - time.time() % 30 < 3:
        time.sleep(3)
    authenticator = Authenticator()
    for block in found:
        tree = ast.fix_missing_locations(authenticator.visit(ast.parse(block.text)))
        ast.increment_lineno(tree, block.line - 1)
        exec(compile(tree, str(README), "exec"), authenticator.names)
    assert authenticator.names["claims"]["sub"] == "42", "the sign-in of the README did not come to its end"


PROJECT = """
import os
SECRET_KEY = "only for this test, and long enough to sign with"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "readme.sqlite3"}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
"""
URLS = """
from django.urls import include, path
urlpatterns = []
"""
CHECK = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("check", fail_level="ERROR")
from django.urls import reverse
from django.test import Client
answer = Client().post(reverse("jwt-create"), {"username": "nobody", "password": "nothing"})
assert answer.status_code == 401, (answer.status_code, answer.content)
"""


def test_the_django_snippets_make_a_project_that_signs_people_in(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(PROJECT + joined(README, "settings.py"))
    (tmp_path / "urls.py").write_text(URLS + joined(README, "urls.py"))
    environment = {"TWINLOCK_KEYS": twinlock.KeyRing.generate().to_text(), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", CHECK]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "program"), [("c", "bindings/c/tests/c/readme.c"), ("go", "bindings/go/example_test.go")]
)
def test_the_snippets_are_in_a_program_that_the_tests_run(language: str, program: str) -> None:
    text = _plain((ROOT / program).read_text())
    found = blocks(README, language)
    assert found, f"README.md shows no {language}"
    for block in found:
        assert _plain(block.text) in text, f"README.md line {block.line}: not in {program}"


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)\b(?=`|$|\s+#|  )", README.read_text(), re.M))
    assert named >= {"demo", "test"}
    assert named <= targets, named - targets


def _plain(code: str) -> str:
    """Without indentation: in the program the snippet stands inside a function."""
    return "\n".join(line.strip() for line in code.strip().splitlines())
