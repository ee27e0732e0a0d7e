"""The sentences that the sources of the Django app ask a translation of, read without gettext's programs."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from twinlock import django as app

APP = Path(app.__file__).parent
ROOMS = (APP, APP.parent / "drf")
LANGUAGES = ("de", "es", "fr", "hi", "ja")
TAKEN = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
"""Django's functions, and how many of their arguments are the sentence."""
SAYING = {"ValidationError", "ParseError", "Denied", "Denial", "_failed", "_not_valid", "_answer"} | {
    *("done", "add_error", "success", "error", "warning", "info", "message_user"),
}
"""The functions of ours, of DRF's and of Django's whose arguments a user reads."""
TEXT = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATE = re.compile(rf"\b(?:gettext|_)\(\s*{TEXT}\)|\bngettext\({TEXT}, {TEXT}, count\)")


class Sentence(NamedTuple):
    """What gettext calls a message; `plural` is empty where it does not count anything."""

    one: str
    plural: str = ""


def sentences() -> set[Sentence]:
    """All of them."""
    return {found for path in python_files() for found in in_python(path)} | {
        found for path in templates() for found in in_template(path.read_text(encoding="utf-8"))
    }


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in sorted(room.rglob("*.py"))]


def templates() -> list[Path]:
    return sorted((APP / "templates").rglob("*.html"))


def in_python(path: Path) -> list[Sentence]:
    """The constant arguments of gettext's functions, under whichever name the module imports them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            taken = TAKEN.get(names.get(_name(call.func), ""), 0)
            texts = [ast.literal_eval(argument) for argument in call.args[:taken]]
            found += [Sentence(*texts)] if texts else []
    return found


def in_template(source: str) -> list[Sentence]:
    """What `translate` and `blocktranslate` ask for."""
    found = []
    for one, first, plural in IN_TEMPLATE.findall(templatize(source)):
        found.append(
            Sentence(ast.literal_eval(one))
            if one
            else Sentence(ast.literal_eval(first), ast.literal_eval(plural))
        )
    return found


def words_outside(source: str) -> str:
    """What a template says to a reader without asking for a translation."""
    texts = re.sub(r"{%\s*(blocktranslate)\b.*?{%\s*end\1\s*%}", " ", source, flags=re.DOTALL)
    texts = re.sub(r"{%.*?%}|{{.*?}}", "", texts, flags=re.DOTALL)
    shown = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', texts)
    shown.append(re.sub(r"<[^>]*>", " ", texts.replace("://", "")))
    return " ".join(re.findall(r"[^\W\d_]+", " ".join(shown)))


def bare_literals(path: Path) -> list[str]:
    """Sentences that are raised, answered or shown as they stand in the source."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _says(node.func):
            found += [text for argument in node.args for text in _bare(argument)]
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == "default_detail":
            found += _bare(node.value)
    return found


def _says(function: ast.expr) -> bool:
    return _name(function) in SAYING and _name(getattr(function, "value", function)) != "log"


def _bare(value: ast.expr) -> list[str]:
    """The sentences in an expression, all but those that another function is given."""
    if isinstance(value, ast.Call):
        return []
    texts = [node.value for node in ast.walk(value) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and re.search(r"\w \w|\w\.$", text)]


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
