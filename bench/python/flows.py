"""What pieces add up to: tokens, the whole second step, a backup code. Each function returns a work."""

import hmac
import time
import uuid

from inputs import SIGNING_KEY, DjangoWay, Site
from primitives import Work

PROOFS = 2_000
"""A proof is good for one pair of tokens, so the contest about pairs makes so many before each round."""


def pair_twinlock() -> Work:
    site = Site()
    proofs = site.proofs(PROOFS)
    return lambda: site.engine.mint(next(proofs))


def pair_simplejwt() -> Work:
    return DjangoWay().pair


def pair_pyjwt() -> Work:
    import jwt

    def pair() -> tuple[str, str]:
        now = int(time.time())
        claims = {"iat": now, "user_id": "42", "jti": uuid.uuid4().hex}
        access = jwt.encode({**claims, "token_type": "access", "exp": now + 300}, SIGNING_KEY)
        return access, jwt.encode({**claims, "token_type": "refresh", "exp": now + 86400}, SIGNING_KEY)

    return pair


def verify_twinlock() -> Work:
    site = Site()
    access = site.engine.mint(next(site.proofs(1))).access
    return lambda: site.engine.verify(access)


def verify_simplejwt() -> Work:
    way = DjangoWay()
    access, _ = way.pair()
    return lambda: way.access_token(access)


def verify_pyjwt() -> Work:
    import jwt

    access = jwt.encode({"exp": int(time.time()) + 300, "user_id": "42"}, SIGNING_KEY)
    return lambda: jwt.decode(access, SIGNING_KEY, algorithms=["HS256"])


def step_twinlock() -> Work:
    """Check the challenge, open the record, verify the code, seal the record, mint a pair."""
    site = Site()
    challenge, code, engine = site.challenge(), site.later_code(), site.engine

    def step() -> object:
        pending = engine.finish_sign_in(site.record, challenge, otp=code)
        return pending.record, engine.mint(pending.commit(True))

    return step


def step_django() -> Work:
    """Check the challenge, open the secret, verify the code, mint a pair; nothing is recorded."""
    import pyotp

    way = DjangoWay()
    secret = pyotp.random_base32()
    challenge, sealed = way.challenge(), way.fernet.encrypt(secret.encode())

    def step() -> object:
        way.check(challenge)
        device = pyotp.TOTP(way.fernet.decrypt(sealed).decode())
        device.verify("000000", valid_window=1)
        return way.pair()

    return step


def backup_twinlock() -> Work:
    """The last code of ten, up to the record that is to be stored."""
    site = Site()
    challenge, code = site.challenge(), site.backup_codes[-1]
    return lambda: site.engine.finish_sign_in(site.record, challenge, backup=code).commit(True)


def backup_django() -> Work:
    """Open one code after the other until one is equal, then seal the ones that are left."""
    way = DjangoWay()
    codes = [uuid.uuid4().hex[:16] for _ in range(10)]
    sealed = [way.fernet.encrypt(code.encode()) for code in codes]

    def find() -> object:
        way.check(challenge)
        return next(
            code for code in sealed if hmac.compare_digest(way.fernet.decrypt(code), codes[-1].encode())
        )

    challenge = way.challenge()
    return find
