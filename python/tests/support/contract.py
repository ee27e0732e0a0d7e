"""The committed OpenAPI document as a judge of answers: status, members and error code must be in it.

Stricter than OpenAPI: a member that the document does not name is a mistake, too.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs/openapi.json"
METHODS = ("get", "post", "patch", "delete")


class Contract:
    """The document."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = json.loads(DOCUMENT.read_text())
        _close(self.document["components"]["schemas"])
        self._paths = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), found)
            for path, found in self.document["paths"].items()
        ]
        self._paths.sort(key=lambda entry: "[^/]+" in entry[0].pattern)

    def complaint(self, method: str, path: str, status: int, body: Any) -> str | None:
        """What is wrong with an answer; None for a right one, or where the document has no such endpoint."""
        operation = self._operation(method, path)
        if operation is None:
            return None
        answer = operation["responses"].get(str(status))
        if answer is None:
            return f"{method} {path}: {status} is not documented"
        content = answer.get("content")
        if content is None:
            return None if body is None else f"{method} {path}: {status} has a body"
        schema = {**content["application/json"]["schema"], "components": self.document["components"]}
        found = next(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(body), None)
        if found is None:
            return None
        return f"{method} {path} {status}: {_deepest(found)}"

    def codes(self, method: str, path: str) -> set[str]:
        """Every code that the document has for an endpoint."""
        operation = self._operation(method, path)
        assert operation is not None, f"no {method} {path} in the document"
        return {code for answer in operation["responses"].values() for code in self._enums(answer)}

    def operations(self) -> Iterator[tuple[str, str]]:
        """Every method and path."""
        for path, operations in self.document["paths"].items():
            yield from ((method, path) for method in operations if method in METHODS)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, operations in self._paths:
            if pattern.fullmatch(path):
                found: dict[str, Any] | None = operations.get(method.lower())
                return found
        return None

    def _enums(self, node: Any) -> Iterator[str]:
        if isinstance(node, list):
            for each in node:
                yield from self._enums(each)
        if isinstance(node, dict):
            if "$ref" in node:
                yield from self._enums(self.document["components"]["schemas"][node["$ref"].split("/")[-1]])
            code = node.get("properties", {}).get("code")
            yield from code["allOf"][0]["enum"] if code else ()
            for each in node.values():
                yield from self._enums(each)


def _close(node: Any) -> None:
    """No further members in objects that name theirs; OpenAPI 3.0's `nullable` in JSON Schema's words."""
    if isinstance(node, list):
        for each in node:
            _close(each)
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
        if node.pop("nullable", False) and "type" in node:
            node["type"] = [node["type"], "null"]
        for each in node.values():
            _close(each)


def _deepest(error: Any) -> str:
    inner = list(error.context or ())
    return "; ".join(_deepest(each) for each in inner) if inner else f"{list(error.path)}: {error.message}"
