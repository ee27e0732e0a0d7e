"""The reference site's settings for the tests: thousands of sign-ins, so what only costs time is quick."""

from site_.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TWINLOCK = {
    **TWINLOCK,  # noqa: F405
    "POLICY": {"sent_codes": "sign_in", "trusted_devices": 2},
    "CODE_SENDER": "twinlock.django.delivery.email_code",
    "TRUST_HEADER": "X-Twinlock-Trust",
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
