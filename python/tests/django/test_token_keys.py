"""Keys of tokens: asymmetric ones, several with an algorithm each, and what the checks say of bad ones."""

import json

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.test import override_settings

from twinlock.django import services
from twinlock.django.conf import settings

KEYS = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
SECRET = "a secret of thirty-two bytes, or more"


def private(algorithm):
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return KEYS[algorithm].private_bytes(serialization.Encoding.PEM, form, plain).decode()


def public(algorithm):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return KEYS[algorithm].public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def jwt(**changes):
    common = {"ISSUER": "https://acme.example", "AUDIENCE": "acme"}
    return override_settings(TWINLOCK={**django_settings.TWINLOCK, "JWT": {**common, **changes}})


def errors(**changes):
    with jwt(**changes):
        return " ".join(
            f"{found.id} {found.msg} {found.hint}" for found in run_checks() if "twinlock." in found.id
        )


def minted(user):
    return services.mint(user, services.begin_sign_in(user).proof)


@pytest.mark.parametrize("algorithm", KEYS)
def test_jwt_16_an_asymmetric_key_signs_and_others_verify_with_what_is_published(user, algorithm):
    with jwt(SIGNING_KEY=private(algorithm), ALGORITHM=algorithm):
        tokens = minted(user)
        assert services.verify_access(tokens.access)[0] == user
        [key] = services.engine().jwks()["keys"]
        assert services.refresh(tokens.refresh)
    claims = pyjwt.decode(tokens.access, pyjwt.PyJWK(key).key, [algorithm], audience="acme")
    assert claims["sub"] == str(user.pk)
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)


def test_jwt_16_keys_of_several_algorithms_verify_and_the_first_signs(user):
    with jwt(SIGNING_KEY=SECRET):
        oldest = minted(user)
    with jwt(SIGNING_KEY=private("RS256"), ALGORITHM="RS256"):
        old = minted(user)
        jwk = json.dumps(services.engine().jwks()["keys"][0])
    keys = [{"KEY": SECRET, "ALGORITHM": "HS256"}, json.loads(jwk), public("ES256")]
    with jwt(SIGNING_KEY=private("ES256"), ALGORITHM="ES256", VERIFYING_KEYS=keys):
        new = minted(user)
        for tokens in (oldest, old, new):
            assert services.verify_access(tokens.access)[0] == user
            assert services.refresh(tokens.refresh)
        published = [key["alg"] for key in services.engine().jwks()["keys"]]
        assert published == ["ES256", "RS256"], "the key's own public half counts once, a secret never"
        assert pyjwt.get_unverified_header(new.access)["alg"] == "ES256"


def test_a_private_jwk_signs(user):
    jwk = pyjwt.algorithms.OKPAlgorithm.to_jwk(KEYS["EdDSA"], as_dict=True)
    for key in (jwk, json.dumps(jwk)):
        with jwt(SIGNING_KEY=key):
            assert pyjwt.get_unverified_header(minted(user).access)["alg"] == "EdDSA"


@pytest.mark.parametrize("half", [private, public])
@pytest.mark.parametrize("algorithm", KEYS)
def test_jwt_02_a_key_file_is_no_secret_for_an_hmac(half, algorithm):
    text = errors(SIGNING_KEY=half(algorithm))
    assert "TWINLOCK['JWT']['SIGNING_KEY'] is the text of a key file" in text
    assert "ALGORITHM" in text
    assert text.count("twinlock.E003") == 1, "one fault, one message"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SIGNING_KEY": public("RS256"), "ALGORITHM": "RS256"}, "must be able to sign"),
        ({"SIGNING_KEY": private("RS256"), "ALGORITHM": "ES256"}, "['SIGNING_KEY'] (jwt_algorithm_unknown)"),
        ({"SIGNING_KEY": "no pem", "ALGORITHM": "RS256"}, "['SIGNING_KEY'] (jwt_key_malformed)"),
        ({"SIGNING_KEY": SECRET, "VERIFYING_KEYS": ["x"]}, "['VERIFYING_KEYS'][0] (jwt_key_weak)"),
        ({"SIGNING_KEY": SECRET, "VERIFYING_KEYS": [{"KEY": "x"}]}, "['VERIFYING_KEYS'][0] must be"),
        ({"SIGNING_KEY": SECRET, "VERIFYING_KEYS": [7]}, "['VERIFYING_KEYS'][0] must be"),
        ({"ALGORITHM": "RS256"}, "['ALGORITHM'] needs TWINLOCK['JWT']['SIGNING_KEY']"),
        ({"SIGNING_KEY": b"\xff" * 40}, "no UTF-8"),
        ({"HEADER_TYPES": ["Two words"]}, "HEADER_TYPES"),
        ({"ROTATE": "yes"}, "ROTATE"),
        ({"SESSION_LIFETIME": 10**9}, "family_life"),
        ({"REUSE_GRACE": 61}, "reuse_grace"),
    ],
)
def test_e003_a_key_that_cannot_work_is_named_by_its_place(changes, named):
    text = errors(**changes)
    assert named in text
    assert "twinlock.E003" in text
    assert "PRIVATE KEY" not in text
    assert SECRET not in text


def test_sea_11_no_key_is_in_a_repr():
    with jwt(SIGNING_KEY=SECRET, VERIFYING_KEYS=[{"KEY": "x" + SECRET, "ALGORITHM": "HS256"}]):
        assert SECRET not in repr(settings.JWT) + repr(settings.JWT.VERIFYING_KEYS)


def test_the_keys_of_the_ring_are_published_to_nobody():
    assert services.engine().jwks() == {"keys": []}
