"""The key of tokens is exchanged on a running site: old and new processes side by side, under load."""

import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from livesite.barrage import Answer, Request, send
from livesite.people import Person
from livesite.start import site_in
from running_site import RunningSite

CLIENTS = 4
ROUNDS = 12
AUDIENCE = "twinlock-example"


def pem(key: Any) -> str:
    """A private key as settings have it."""
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    text: bytes = key.private_bytes(serialization.Encoding.PEM, form, plain)
    return text.decode()


def public_pem(key: Any) -> str:
    """Its public half."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    text: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return text.decode()


OLD, NEW = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
STEPS = {
    "before": {"SIGNING_KEY": pem(OLD), "ALGORITHM": "ES256"},
    "publish": {
        "SIGNING_KEY": pem(OLD),
        "ALGORITHM": "ES256",
        "VERIFYING_KEYS": [{"KEY": public_pem(NEW), "ALGORITHM": "EdDSA"}],
    },
    "sign": {
        "SIGNING_KEY": pem(NEW),
        "ALGORITHM": "EdDSA",
        "VERIFYING_KEYS": [{"KEY": public_pem(OLD), "ALGORITHM": "ES256"}],
    },
}


class Client:
    """Somebody with a session who uses it at whichever process the balancer picks."""

    def __init__(self, sites: list[RunningSite], number: int) -> None:
        self.sites = sites
        self.choice = random.Random(number)
        self.person = Person(sites[0]).signed_up()
        self.tokens = self.ask("POST", "jwt/create/", self.person.credentials).json

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Answer:
        """One request, which must succeed."""
        site = self.choice.choice(self.sites)
        answer = send(site.port, Request(method, f"/api/{path}", body, token))
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer

    def one_round(self, trusted: dict[str, Any]) -> str:
        """Uses everything; returns the `kid` of the newest token, which whoever trusts the set can verify."""
        self.ask("GET", "totp/status/", token=self.tokens["access"])
        self.tokens = self.ask("POST", "jwt/refresh/", {"refresh": self.tokens["refresh"]}).json
        self.ask("GET", "jwt/sessions/", token=self.tokens["access"])
        self.ask("POST", "jwt/verify/", {"token": self.tokens["refresh"]})
        header = pyjwt.get_unverified_header(self.tokens["access"])
        key = pyjwt.PyJWK(trusted[header["kid"]])
        pyjwt.decode(self.tokens["access"], key.key, [header["alg"]], audience=AUDIENCE)
        return str(header["kid"])


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Starts one more process of the site with its own keys of tokens, on the common database."""
    with ExitStack() as running:

        def more(jwt: dict[str, Any]) -> RunningSite:
            return running.enter_context(site_in(tmp_path, workers=1, LIVE_JWT=json.dumps(jwt)))

        yield more


def published(site: RunningSite) -> dict[str, Any]:
    """The public keys of the site, by their names."""
    answer = send(site.port, Request("GET", "/api/jwt/jwks/"))
    assert answer.status == 200, answer.body
    assert not {"d", "p", "q", "k"} & {field for key in answer.json["keys"] for field in key}
    return {key["kid"]: key for key in answer.json["keys"]}


def under_load(clients: list[Client], trusted: dict[str, Any]) -> set[str]:
    """All clients at once, round after round; the names of the keys that signed."""
    barrier = threading.Barrier(len(clients))

    def work(client: Client) -> set[str]:
        barrier.wait()
        return {client.one_round(trusted) for _ in range(ROUNDS)}

    with ThreadPoolExecutor(len(clients)) as pool:
        return set().union(*pool.map(work, clients))


def test_jwt_16_a_key_is_published_then_signs_and_no_request_fails(start: Any) -> None:
    """JWT-16: in each step the next process serves beside the one before, and then alone.

    Whoever verifies elsewhere has the set that was published one step earlier.
    """
    sites = [start(STEPS["before"])]
    clients = [Client(sites, number) for number in range(CLIENTS)]
    [old] = published(sites[0])
    assert under_load(clients, published(sites[0])) == {old}
    signed = {}
    for name in ("publish", "sign"):
        known = published(sites[-1])
        sites.append(start(STEPS[name]))
        signed[name] = under_load(clients, known)
        sites.pop(0).stop()
        signed[f"{name} alone"] = under_load(clients, known)
    [new] = set(published(sites[0])) - {old}
    assert signed["publish"] == signed["publish alone"] == {old}
    assert signed["sign alone"] == {new}
    assert signed["sign"] == {old, new}
