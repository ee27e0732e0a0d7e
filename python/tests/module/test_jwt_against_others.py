"""JWT-01…07: our tokens verify with PyJWT and simplejwt; what others forge does not verify with us."""

import base64
import hmac
import json
import subprocess
import sys

import jwt
import pytest

from twinlock import ArgumentFault, Engine, JwtConfig, JwtKey, Policy, Refused

KEY = "a key of the host's own, long enough for every hash there is: 64+"
HASHES = ["HS256", "HS384", "HS512"]


def engine_with(ring, algorithm="HS256", **config):
    return Engine(ring, Policy("Acme"), jwt=JwtConfig(keys=[JwtKey.hmac(algorithm, KEY)], **config))


def tokens_of(engine, now, claims=None):
    return engine.mint(engine.begin_sign_in("42", None, now=now).commit(True).proof, claims, now=now)


def read(token, algorithm="HS256", **options):
    """PyJWT, with its own look at the clock turned off."""
    return jwt.decode(
        token, KEY, algorithms=[algorithm], options={"verify_exp": False, "verify_iat": False}, **options
    )


@pytest.mark.parametrize("algorithm", HASHES)
def test_both_tokens_verify_with_pyjwt(algorithm, ring, start):
    engine = engine_with(ring, algorithm, issuer="https://acme.example", audience="api")
    tokens = tokens_of(engine, start, {"role": "admin"})
    named = {"issuer": "https://acme.example", "audience": "api"}
    for token, kind, typ, life in (
        (tokens.access, "access", "at+jwt", 300),
        (tokens.refresh, "refresh", "twinlock-refresh+jwt", 86400),
    ):
        claims = read(token, algorithm, **named)
        assert claims == engine.verify(token, kind, now=start)
        assert (claims["token_type"], claims["sub"], claims["user_id"], claims["role"]) == (
            kind,
            "42",
            "42",
            "admin",
        )
        assert (claims["iat"], claims["exp"]) == (start, start + life)
        assert jwt.get_unverified_header(token).items() >= {"alg": algorithm, "typ": typ}.items()
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(token, KEY + "!", algorithms=[algorithm])


def refused(engine, token, now, kind="access"):
    with pytest.raises(Refused) as caught:
        engine.verify(token, kind, now=now)
    return caught.value.code


def part(value):
    return (
        base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode())
        .decode()
        .rstrip("=")
    )


def forge(claims, key=KEY, **header):
    """A token signed with our own key, whatever is in it: PyJWT would refuse to make most of these."""
    signed = part({"alg": "HS256", "typ": "at+jwt", **header}) + "." + part(claims)
    return signed + "." + part(hmac.digest(key.encode(), signed.encode(), "sha256"))


@pytest.fixture
def engine(ring):
    return engine_with(ring)


@pytest.fixture
def claims(engine, start):
    return engine.verify(tokens_of(engine, start).access, now=start)


@pytest.fixture
def kid(engine, start):
    return jwt.get_unverified_header(tokens_of(engine, start).access)["kid"]


def test_what_pyjwt_signs_with_the_same_key_and_form_verifies(engine, claims, kid, start):
    theirs = jwt.encode(claims, KEY, algorithm="HS256", headers={"typ": "at+jwt", "kid": kid})
    assert engine.verify(theirs, now=start) == claims
    assert engine.verify(forge(claims, kid=kid), now=start) == claims


def test_other_headers_are_refused(engine, claims, kid, start):
    """JWT-01, JWT-04, JWT-07"""
    assert engine.verify(forge(claims, kid=kid), now=start)
    for header in (
        {"typ": "JWT"},
        {"typ": None},
        {"typ": "AT+JWT "},
        {"typ": "twinlock-refresh+jwt"},
        {"typ": "twinlock-challenge+jwt"},
        {"kid": "0123456789abcdef"},
        {"kid": kid + "x"},
        {"kid": "x" * 100},
        {"crit": ["b64"]},
        {"crit": ["made-up"], "made-up": True},
        {"zip": "DEF"},
    ):
        assert refused(engine, forge(claims, **{"kid": kid, **header}), start) == "token_invalid"
    for name in ("HS384", "HS512", "none", "nOnE", "hs256", "", None, 5, ["HS256"]):
        assert refused(engine, forge(claims, kid=kid, alg=name), start) == "token_invalid"
    for algorithm in ("HS384", "HS512"):
        token = jwt.encode(claims, KEY, algorithm=algorithm, headers={"typ": "at+jwt", "kid": kid})
        assert refused(engine, token, start) == "token_invalid"
    unsigned = jwt.encode(claims, None, algorithm="none", headers={"typ": "at+jwt", "kid": kid})
    assert refused(engine, unsigned, start) == "token_invalid"
    assert refused(engine, forge(claims, key=KEY + "!", kid=kid), start) == "token_invalid"


def test_claims_of_the_wrong_type_are_refused(engine, claims, kid, start):
    """JWT-05, JWT-06: the type matrix."""
    wrong = [None, True, "", [], {}, ["42"], -1, 1.5, 1e300, float("nan"), 2**64]
    for name in ("exp", "iat", "nbf", "jti", "sub", "token_type", "epoch", "auth_time"):
        for value in wrong:
            told = refused(engine, forge({**claims, name: value}, kid=kid), start)
            assert told == "token_invalid", (name, value)
    for name in ("exp", "iat", "jti", "sub", "token_type"):
        rest = {key: value for key, value in claims.items() if key != name}
        assert refused(engine, forge(rest, kid=kid), start) == "token_invalid", name
    twice = json.dumps(claims)[:-1] + ',"sub":"43"}'
    for payload in (twice.encode(), b"[]", b"null", b"{", b"\xff", b"", json.dumps(claims).encode() + b" x"):
        assert refused(engine, forge(payload, kid=kid), start) == "token_invalid"


def test_altered_tokens_are_refused(engine, start):
    """JWT-08"""
    token = tokens_of(engine, start).access
    assert engine.verify(token, now=start)
    for place in range(len(token)):
        flipped = "A" if token[place] != "A" else "B"
        assert refused(engine, token[:place] + flipped + token[place + 1 :], start) == "token_invalid"
    header, claims, signature = token.split(".")
    for other in (
        token + "=",
        token + ".",
        f"{header}.{claims}",
        f" {token}",
        f"{token}\n",
        f"{header}.{claims}.",
    ):
        assert refused(engine, other, start) == "token_invalid"
    assert refused(engine, f"{header}..{signature}", start) == "token_invalid"


def test_times_are_kept(engine, start, claims, kid):
    token = forge(claims, kid=kid)
    assert engine.verify(token, now=start + 299)
    assert refused(engine, token, start + 300) == "token_expired"
    assert refused(engine, forge({**claims, "nbf": start + 10}, kid=kid), start) == "token_invalid"
    assert refused(engine, token, start - 3600) == "token_invalid"


def test_issuer_and_audience_are_exact_where_configured(ring, start):
    engine = engine_with(ring, issuer="acme", audience="api")
    claims = engine.verify(tokens_of(engine, start).access, now=start)
    kid = jwt.get_unverified_header(tokens_of(engine, start).access)["kid"]
    assert (claims["iss"], claims["aud"]) == ("acme", "api")
    for change in (
        {"iss": "acm"},
        {"iss": "acme2"},
        {"aud": "ap"},
        {"aud": ["apis"]},
        {"aud": []},
        {"iss": ["acme"]},
    ):
        assert refused(engine, forge({**claims, **change}, kid=kid), start) == "token_invalid"
    for name in ("iss", "aud"):
        rest = {key: value for key, value in claims.items() if key != name}
        assert refused(engine, forge(rest, kid=kid), start) == "token_invalid"


def test_weak_and_public_keys_are_refused():
    """JWT-02, JWT-03"""
    for algorithm, size in (("HS256", 32), ("HS384", 48), ("HS512", 64)):
        assert JwtKey.hmac(algorithm, bytes(range(size)))
        assert repr(JwtKey.hmac(algorithm, bytes(range(size)))) == f"JwtKey({algorithm})"
        with pytest.raises(ArgumentFault) as caught:
            JwtKey.hmac(algorithm, bytes(range(size - 1)))
        assert caught.value.code == "jwt_key_weak"
    public = "-----BEGIN PUBLIC KEY-----\n" + "M" * 100 + "\n-----END PUBLIC KEY-----"
    for text in (public, "ssh-ed25519 " + "A" * 60, '{"kty":"RSA","n":"' + "A" * 60 + '"}'):
        with pytest.raises(ArgumentFault) as caught:
            JwtKey.hmac("HS256", text)
        assert caught.value.code == "jwt_key_weak"
    for name in ("none", "RS256", "HS1", ""):
        with pytest.raises(ArgumentFault) as caught:
            JwtKey.hmac(name, KEY)
        assert caught.value.code == "jwt_algorithm_unknown"


def test_the_configuration_is_checked(ring):
    for option in (
        {"access_life": 29},
        {"access_life": 901},
        {"refresh_life": 59},
        {"leeway": 61},
        {"access_life": 2**40},
    ):
        with pytest.raises(ArgumentFault) as caught:
            engine_with(ring, **option)
        assert (caught.value.code, caught.value.about) == ("option_out_of_range", next(iter(option)))
    for option in ({"keys": ["text"]}, {"keys": 5}, {"leeway": True}, {"issuer": 5}):
        with pytest.raises(TypeError):
            JwtConfig(**option)
    usual = JwtConfig()
    assert (usual.access_life, usual.refresh_life, usual.leeway, usual.user_id_claim) == (
        300,
        86400,
        0,
        "user_id",
    )
    assert (usual.issuer, usual.audience) == (None, None)


def test_a_second_key_verifies_while_the_first_signs(ring, start):
    old = engine_with(ring)
    new_key = JwtKey.hmac("HS512", "n" * 32 + "e" * 32 + "w" * 8)
    both = Engine(ring, Policy("Acme"), jwt=JwtConfig(keys=[new_key, JwtKey.hmac("HS256", KEY)]))
    assert both.verify(tokens_of(old, start).access, now=start)
    assert refused(old, tokens_of(both, start).access, start) == "token_invalid"
    assert jwt.get_unverified_header(tokens_of(both, start).access)["alg"] == "HS512"


SIMPLEJWT = """
import json, sys
from django.conf import settings
tokens, algorithm, key, issuer, audience = json.load(sys.stdin)
settings.configure(
    SECRET_KEY="not used",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    SIMPLE_JWT={"ALGORITHM": algorithm, "SIGNING_KEY": key, "ISSUER": issuer, "AUDIENCE": audience},
)
import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
call_command("migrate", verbosity=0)
get_user_model().objects.create_user("alice", pk=42)
from rest_framework.test import APIRequestFactory
from rest_framework_simplejwt.authentication import JWTAuthentication
for token in tokens:
    request = APIRequestFactory().get("/", HTTP_AUTHORIZATION="Bearer " + token)
    try:
        user, _ = JWTAuthentication().authenticate(request)
        print(user.username)
    except Exception as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize("algorithm", HASHES)
def test_simplejwt_accepts_access_tokens_and_nothing_else(algorithm, ring):
    """With the same key in SIMPLE_JWT, access tokens open its views; refresh tokens and forgeries do not."""
    engine = engine_with(ring, algorithm, issuer="acme", audience="api")
    tokens = engine.mint(engine.begin_sign_in("42", None).commit(True).proof)
    header, claims, signature = tokens.access.split(".")
    tampered = f"{header}.{claims}.{signature[::-1]}"
    told = json.dumps([[tokens.access, tokens.refresh, tampered], algorithm, KEY, "acme", "api"])
    command = [sys.executable, "-W", "ignore", "-c", SIMPLEJWT]
    run = subprocess.run(command, input=told, capture_output=True, text=True)
    assert run.stdout.split() == ["alice", "InvalidToken", "InvalidToken"], run.stderr
