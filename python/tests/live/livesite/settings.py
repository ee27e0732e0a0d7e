"""The reference site's settings for the tests: thousands of sign-ins, so what only costs time is quick."""

import json
import os

from site_.settings import *  # noqa: F403
from site_.settings import TWINLOCK

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A machine that is busy may take long to answer fifty requests; the longest grace outlasts it.
TWINLOCK["JWT"] = {**TWINLOCK["JWT"], "REUSE_GRACE": 60, **json.loads(os.environ.get("LIVE_JWT", "{}"))}
