"""The reference site's settings for the tests: thousands of sign-ins, so what only costs time is quick."""

import json
import os

import pymysql
from site_.settings import *  # noqa: F403
from site_.settings import TWINLOCK

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TWINLOCK = {
    **TWINLOCK,
    # A lock that outlasts any wait for a busy machine, and any clock that is put right meanwhile.
    "POLICY": {"sent_codes": "sign_in", "trusted_devices": 2, "lock_seconds": 3600},
    "CODE_SENDER": "twinlock.django.delivery.email_code",
    "TRUST_HEADER": "X-Twinlock-Trust-Token",
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A machine that is busy may take long to answer fifty requests; the longest grace outlasts it.
TWINLOCK["JWT"] = {**TWINLOCK["JWT"], "REUSE_GRACE": 60, **json.loads(os.environ.get("LIVE_JWT", "{}"))}
# The driver of MariaDB in pure Python, so that no compiler is needed.
pymysql.install_as_MySQLdb()
