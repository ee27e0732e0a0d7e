"""The pieces: codes, sealing, challenges, QR codes. Each function prepares a work and returns it."""

import io
import os
from collections.abc import Callable

from inputs import SIGNING_KEY, DjangoWay, Site

from twinlock import KeyRing, qr, totp, vault

Work = Callable[[], object]

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NO_MATCH = "000000"
DATA = b"twenty bytes to seal"


def verify_twinlock() -> Work:
    return lambda: totp.verify(SECRET, NO_MATCH)


def verify_pyotp() -> Work:
    import pyotp

    return lambda: pyotp.TOTP(SECRET).verify(NO_MATCH, valid_window=1)


def seal_twinlock() -> Work:
    ring = KeyRing.generate()
    return lambda: vault.seal(ring, "42", DATA)


def open_twinlock() -> Work:
    ring = KeyRing.generate()
    sealed = vault.seal(ring, "42", DATA)
    return lambda: vault.open(ring, "42", sealed)


def seal_fernet() -> Work:
    from cryptography.fernet import Fernet

    fernet = Fernet(Fernet.generate_key())
    return lambda: fernet.encrypt(DATA)


def open_fernet() -> Work:
    from cryptography.fernet import Fernet

    fernet = Fernet(Fernet.generate_key())
    sealed = fernet.encrypt(DATA)
    return lambda: fernet.decrypt(sealed)


def seal_aesgcm() -> Work:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = AESGCM(AESGCM.generate_key(256))
    return lambda: key.encrypt(os.urandom(12), DATA, b"42")


def open_aesgcm() -> Work:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, nonce = AESGCM(AESGCM.generate_key(256)), os.urandom(12)
    sealed = key.encrypt(nonce, DATA, b"42")
    return lambda: key.decrypt(nonce, sealed, b"42")


def issue_twinlock() -> Work:
    site = Site()
    return lambda: site.engine.begin_sign_in("42", site.record).commit(True).challenge


def check_twinlock() -> Work:
    site = Site()
    challenge = site.challenge()
    return lambda: site.engine.challenge_subject(challenge)


def issue_django() -> Work:
    return DjangoWay().challenge


def check_django() -> Work:
    way = DjangoWay()
    challenge = way.challenge()
    return lambda: way.check(challenge)


def issue_itsdangerous() -> Work:
    from itsdangerous import URLSafeTimedSerializer

    serializer = URLSafeTimedSerializer(SIGNING_KEY)
    return lambda: serializer.dumps({"user_id": 42, "purpose": "totp"})


def check_itsdangerous() -> Work:
    from itsdangerous import URLSafeTimedSerializer

    serializer = URLSafeTimedSerializer(SIGNING_KEY)
    challenge = serializer.dumps({"user_id": 42, "purpose": "totp"})
    return lambda: serializer.loads(challenge, max_age=300)


def draw_twinlock() -> Work:
    uri = Site().uri
    return lambda: qr.svg(uri)


def draw_qrcode() -> Work:
    import qrcode
    from qrcode.image.svg import SvgPathImage

    uri = Site().uri

    def draw() -> bytes:
        out = io.BytesIO()
        qrcode.make(uri, image_factory=SvgPathImage).save(out)
        return out.getvalue()

    return draw


def draw_segno() -> Work:
    import segno

    uri = Site().uri

    def draw() -> bytes:
        out = io.BytesIO()
        segno.make(uri, micro=False).save(out, kind="svg", xmldecl=False)
        return out.getvalue()

    return draw
