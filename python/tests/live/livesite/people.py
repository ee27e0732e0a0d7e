"""People who use the running site: each signs up anew, with an authenticator of pyotp's."""

import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import pyotp
from running_site import RunningSite
from twins import shows_twins

from livesite.barrage import Answer, Request, at_once, send

_numbers = itertools.count(1)
PASSWORD = "a password of the tests"
MARGIN_SECONDS = 10


@dataclass
class Person:
    """One account of the site. `enroll` gives it a second factor."""

    site: RunningSite
    name: str = field(default_factory=lambda: f"person-{next(_numbers)}-{secrets.token_hex(4)}")
    access: str | None = None
    backup_codes: list[str] = field(default_factory=list)
    totp: Any = None
    first_step: int = 0

    def post(self, path: str, body: Any = None) -> Answer:
        """POST as this person (with the access token, where there is one)."""
        return send(self.site.port, self.request(path, body))

    def request(self, path: str, body: Any = None) -> Request:
        """The request that `post` would send."""
        return Request("POST", f"/api/{path}", body, self.access)

    def status(self) -> dict[str, Any]:
        """What the site says about the second factor."""
        answer = send(self.site.port, Request("GET", "/api/totp/status/", token=self.access))
        return _json(answer, 200)

    def signed_up(self) -> "Person":
        """Signs up and signs in with the password."""
        body = {"username": self.name, "password": PASSWORD, "email": f"{self.name}@example.com"}
        _json(self.post("example/sign_up/", body), 201)
        self.access = _json(self.post("jwt/create/", self.credentials), 200)["access"]
        return self

    def enrolled(self) -> "Person":
        """Signs up and enrolls."""
        self.signed_up()
        while shows_twins((created := _json(self.post("totp/create/"), 201))["secret"], time.time()):
            pass
        self.scans(created["otpauth_uri"])
        answer = _json(self.post("totp/confirm/", {"input_code": self.code(0)}), 200)
        self.access, self.backup_codes = answer["access"], answer["backup_codes"]
        return self

    def scans(self, uri: str) -> None:
        """Takes the secret into the authenticator."""
        self.totp = pyotp.parse_uri(uri)
        step, elapsed = divmod(time.time(), 30)
        self.first_step = int(step) - (elapsed < 30 - MARGIN_SECONDS)

    @property
    def credentials(self) -> dict[str, str]:
        """User name and password."""
        return {"username": self.name, "password": PASSWORD}

    def code(self, number: int = 1) -> str:
        """The authenticator's codes in the order of their steps: 0 to confirm with, 1 for the next use.

        The first is the oldest that is accepted for some seconds more, so the next one is accepted at
        once and for more than half a minute: nobody has to wait for the clock.
        """
        code: str = self.totp.at((self.first_step + number) * 30)
        return code

    def wrong_codes(self, count: int) -> list[str]:
        """Different codes that no step near now has."""
        near = {self.code(number) for number in range(-4, 9)}
        guesses = (f"{number:06}" for number in range(1_000_000))
        return list(itertools.islice((guess for guess in guesses if guess not in near), count))

    def challenges(self, count: int) -> list[str]:
        """That many challenges, each from a sign-in of its own."""
        found: list[str] = []
        while len(found) < count:
            sign_ins = [Request("POST", "/api/jwt/create/", self.credentials)] * min(10, count - len(found))
            for answer in at_once(self.site.port, sign_ins):
                found.append(_json(answer, 200)["totp_challenge_token"])
        return found

    def answers(self, challenges: list[str], **answer: str) -> list[Request]:
        """A request for each challenge with the same answer (`otp_code` or `backup_code`)."""
        bodies = [{"totp_challenge_token": challenge, **answer} for challenge in challenges]
        return [Request("POST", "/api/jwt/totp/verify/", body) for body in bodies]


def _json(answer: Answer, status: int) -> dict[str, Any]:
    assert answer.status == status, (answer.status, answer.body)
    assert isinstance(answer.json, dict)
    return answer.json
