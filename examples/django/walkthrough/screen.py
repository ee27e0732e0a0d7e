"""What the demo prints: numbered steps, requests with their answers, long values shortened."""

import json
import os
import sys
from typing import Any

_COLORS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
_LONGEST = 44


def _paint(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if _COLORS else text


class Screen:
    """Counts the steps."""

    def __init__(self) -> None:
        self._step = 0

    def step(self, title: str) -> None:
        """The heading of the next step."""
        self._step += 1
        print("\n" + _paint("1", f"{self._step:2}. {title}"), flush=True)

    def say(self, text: str) -> None:
        """A remark."""
        print("    " + text, flush=True)

    def picture(self, text: str) -> None:
        """Lines printed as they are, such as a QR code."""
        print("\n" + "\n".join("    " + line for line in text.splitlines()) + "\n", flush=True)

    def request(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        """What is sent."""
        print(_paint("36", f"    → {method} {path}") + (f" {_short(body)}" if body else ""), flush=True)

    def answer(self, status: int, body: Any) -> None:
        """What came back."""
        color = "32" if status < 400 else "33"
        print(_paint(color, f"    ← {status}") + (f" {_short(body)}" if body is not None else ""), flush=True)

    def passed(self, text: str) -> None:
        """The closing line."""
        print("\n" + _paint("1;32", text), flush=True)

    def failed(self, text: str) -> None:
        """What went wrong, on the standard error stream."""
        print("\n" + _paint("1;31", "The demo failed: ") + text, file=sys.stderr, flush=True)


def _short(value: Any) -> str:
    return json.dumps(_shorten(value), ensure_ascii=False)


def _shorten(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shorten(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shorten(item) for item in value[:2]] + ([f"… {len(value)} in all"] if len(value) > 2 else [])
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:12]}…{value[-12:]}"
    return value
