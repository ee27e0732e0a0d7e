"""The whole flow over HTTP for the user model that TWINLOCK_TEST_USER names, in a process of its own."""

import os
import re

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core import mail  # noqa: E402
from django.test.utils import get_runner, override_settings, setup_test_environment  # noqa: E402
from people import PASSWORD, Phone  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

NAMES = {"uuid": "x" * 234 + "@a-long.acme.example", "text": "Zoë /:?% 日本"}


def post(path, body=None, *, expect, access=None):
    client = APIClient()
    if access:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    response = client.post(f"/api/{path}/", body or {}, format="json")
    assert response.status_code == expect, (path, response.status_code, response.content)
    return response.json() if response.content else None


def whole_flow(name):
    """Sign in, enroll, sign in again, refresh, recover or disable, delete."""
    user = get_user_model().objects.create_user(name, PASSWORD)
    credentials = {type(user).USERNAME_FIELD: name, "password": PASSWORD}
    post("jwt/create", {**credentials, "password": "wrong"}, expect=401)
    access = post("jwt/create", credentials, expect=200)["access"]
    phone = Phone(post("totp/create", access=access, expect=201)["otpauth_uri"])
    enrolled = post("totp/confirm", {"input_code": phone.code()}, access=access, expect=200)
    post("totp/disable", access=access, expect=401)
    challenge = post("jwt/create", credentials, expect=200)["totp_challenge_token"]
    answer = {"totp_challenge_token": challenge, "otp_code": phone.code()}
    tokens = post("jwt/totp/verify", answer, expect=200)
    post("jwt/totp/verify", answer, expect=400)
    access = post("jwt/refresh", {"refresh": tokens["refresh"]}, expect=200)["access"]
    turn_off(user, access, enrolled["backup_codes"])
    post("jwt/refresh", {"refresh": tokens["refresh"]}, expect=401)
    tokens = post("jwt/create", credentials, expect=200)
    assert tokens["is_totp_enabled"] is False
    user.delete()
    post("jwt/refresh", {"refresh": tokens["refresh"]}, expect=401)
    post("totp/create", access=tokens["access"], expect=401)


def turn_off(user, access, codes):
    """By a recovery link where the user model has an address."""
    email_field = getattr(type(user), "EMAIL_FIELD", None)
    if email_field is None:
        post("totp/disable", {"backup_code": codes[0]}, access=access, expect=204)
        return
    post("totp/recovery", {"email": getattr(user, email_field)}, expect=200)
    uid, token = re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", mail.outbox[-1].body).groups()
    link = {"uid": uid, "token": token, "password": PASSWORD}
    post("totp/recovery_confirm", link, expect=403)
    post("totp/recovery_confirm", {**link, "backup_code": codes[0]}, expect=204)
    post("totp/recovery_confirm", {**link, "backup_code": codes[1]}, expect=400)


if __name__ == "__main__":
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with override_settings(ROOT_URLCONF="drf_urls"):
            whole_flow(NAMES[os.environ["TWINLOCK_TEST_USER"]])
    finally:
        runner.teardown_databases(databases)
    print("the whole flow works")
