"""A client of the API as any app would have one: plain HTTP, JSON, a bearer token."""

from typing import Any

import httpx

from walkthrough.screen import Screen


class Unexpected(Exception):
    """The site answered something else than the demo shows."""


class Client:
    """Posts and gets, shows both on the screen, and stops the demo at an unexpected answer."""

    def __init__(self, url: str, screen: Screen) -> None:
        self._http = httpx.Client(
            base_url=url, timeout=30, trust_env=False, headers={"User-Agent": "demo/1.0"}
        )
        self._screen = screen
        self.access: str | None = None
        self.refresh: str | None = None

    def signed_in(self, tokens: Any) -> None:
        """Goes on with the tokens of an answer."""
        self.access, self.refresh = field(tokens, "access"), field(tokens, "refresh")

    def post(self, path: str, body: dict[str, Any] | None = None, *, expect: int = 200) -> Any:
        """POST `path` with `body`; returns the JSON answer."""
        return self._call("POST", path, body, expect)

    def get(self, path: str, *, expect: int = 200) -> Any:
        """GET `path`; returns the JSON answer."""
        return self._call("GET", path, None, expect)

    def delete(self, path: str, *, expect: int = 204) -> Any:
        """DELETE `path`; returns the JSON answer, if there is one."""
        return self._call("DELETE", path, None, expect)

    def _call(self, method: str, path: str, body: dict[str, Any] | None, expect: int) -> Any:
        self._screen.request(method, path, body)
        headers = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        try:
            response = self._http.request(method, path, json=body, headers=headers)
            answer = response.json() if response.content else None
        except (httpx.HTTPError, ValueError) as error:
            raise Unexpected(f"{method} {path}: {error!r}") from error
        self._screen.answer(response.status_code, answer)
        if response.status_code != expect:
            raise Unexpected(f"{method} {path} did not answer {expect} but {response.status_code}: {answer}")
        return answer


def field(answer: Any, name: str) -> Any:
    """A member of an answer, or the end of the demo."""
    if not isinstance(answer, dict) or not answer.get(name):
        raise Unexpected(f"the answer has no '{name}': {answer}")
    return answer[name]


def expect(truth: bool, claim: str) -> None:
    """Stops the demo where a claim does not hold."""
    if not truth:
        raise Unexpected(f"this did not hold: {claim}")
