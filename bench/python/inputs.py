"""What the contests work on: a site with one user, as Twinlock has it and as django-totp's parts have it."""

import time
from collections.abc import Iterator
from typing import Any

from twinlock import Engine, JwtConfig, JwtKey, KeyRing, Policy, Proof, totp

SIGNING_KEY = "a signing key of the benchmark, long enough for HS256"


class Site:
    """What a site has when a user comes to sign in: engine, sealed record, codes, a challenge."""

    def __init__(self) -> None:
        jwt = JwtConfig(keys=[JwtKey.hmac("HS256", SIGNING_KEY)])
        self.ring = KeyRing.generate()
        self.engine = Engine(self.ring, Policy("Acme"), jwt=jwt)
        setup = self.engine.begin_enrollment("42", None, account="alice@example.com")
        record = setup.record
        self.uri = setup.commit(True).uri
        self.secret = self.uri.partition("secret=")[2].partition("&")[0]
        confirm = self.engine.confirm_enrollment("42", record, totp.generate(self.secret))
        self.record = confirm.record
        self.backup_codes = confirm.commit(True).backup_codes

    def later_code(self) -> str:
        """A code that was not used to enroll: the next step's, which the window accepts."""
        return totp.generate(self.secret, now=int(time.time()) + 30)

    def challenge(self) -> str:
        """A fresh challenge."""
        challenge = self.engine.begin_sign_in("42", self.record).commit(True).challenge
        assert challenge is not None
        return challenge

    def proofs(self, count: int) -> Iterator[Proof]:
        """Proofs, each of which is good for one pair of tokens."""
        for _ in range(count):
            proof = self.engine.begin_sign_in("7", None).commit(True).proof
            assert proof is not None
            yield proof


class DjangoWay:
    """The parts that django-totp's second step is made of."""

    def __init__(self) -> None:
        import django
        from django.conf import settings

        if not settings.configured:
            jwt = {"SIGNING_KEY": SIGNING_KEY, "UPDATE_LAST_LOGIN": False}
            apps = ["django.contrib.auth", "django.contrib.contenttypes"]
            settings.configure(SECRET_KEY=SIGNING_KEY, USE_TZ=True, SIMPLE_JWT=jwt, INSTALLED_APPS=apps)
            django.setup()
        from cryptography.fernet import Fernet
        from django.contrib.auth.models import User
        from django.core import signing
        from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

        self.fernet = Fernet(Fernet.generate_key())
        self.signing = signing
        self.user = User(pk=42)
        self.access_token, self.refresh_token = AccessToken, RefreshToken

    def challenge(self) -> str:
        """A signed challenge."""
        return self.signing.dumps({"user_id": 42, "purpose": "totp"}, salt="totp-challenge")

    def check(self, challenge: str) -> Any:
        """What is in a signed challenge."""
        return self.signing.loads(challenge, salt="totp-challenge", max_age=300)

    def pair(self) -> tuple[str, str]:
        """Access and refresh token."""
        refresh = self.refresh_token.for_user(self.user)
        return str(refresh.access_token), str(refresh)
