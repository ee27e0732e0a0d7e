"""The reference site's settings for the tests: thousands of sign-ins, so a quick password hash."""

from site_.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
