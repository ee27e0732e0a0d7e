"""The public keys over HTTP, and what else the Authorization header may begin with."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from rest_framework.test import APIClient


@pytest.fixture
def jwt(settings):
    def change(**changes):
        settings.TWINLOCK = {**settings.TWINLOCK, "JWT": {**settings.TWINLOCK["JWT"], **changes}}

    return change


def pem():
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


def published(**headers):
    return APIClient().get("/api/jwt/jwks/", **headers)


def test_jwt_16_the_published_keys_have_no_private_fields_and_may_be_kept(jwt):
    jwt(SIGNING_KEY=pem(), ALGORITHM="EdDSA", VERIFYING_KEYS=[pem()])
    response = published(HTTP_AUTHORIZATION="Bearer stale")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=300"
    first, second = response.json()["keys"]
    assert set(first) == set(second) == {"alg", "crv", "kid", "kty", "use", "x"}
    assert first["kid"] != second["kid"]


def test_jwt_16_a_shared_secret_is_published_to_nobody(jwt):
    for changes in ({}, {"SIGNING_KEY": "a secret of thirty-two bytes, or more"}):
        jwt(**changes)
        assert published().json() == {"keys": []}


def test_an_answer_that_is_no_key_set_is_not_kept(db):
    response = APIClient().post("/api/jwt/jwks/")
    assert (response.status_code, response["Cache-Control"]) == (405, "no-store")


def test_the_header_takes_the_words_of_the_settings(alice, jwt):
    access = alice.sign_in_by_password()["access"]
    jwt(HEADER_TYPES=("JWT", "Token"))
    client = APIClient()
    for word, status in (("JWT", 200), ("jwt", 200), ("Token", 200), ("Bearer", 401)):
        response = client.get("/me/", HTTP_AUTHORIZATION=f"{word} {access}")
        assert response.status_code == status, word
    assert response["WWW-Authenticate"] == 'JWT realm="api"'
