"""The whole flow for the user model that TWINLOCK_TEST_USER names: a script, run in a process of its own."""

import os
import re

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

import pytest  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402
from people import PASSWORD, Phone  # noqa: E402

from twinlock.django import recovery, services, users  # noqa: E402
from twinlock.django.models import SecondFactorRecord  # noqa: E402
from twinlock.errors import Refused  # noqa: E402


def whole_flow(name):
    """Enroll, sign in, refresh, recover, delete."""
    user = get_user_model().objects.create_user(name, PASSWORD)
    user.refresh_from_db()
    setup = services.begin_enrollment(user)
    phone = Phone(setup.uri)
    codes = services.confirm_enrollment(user, phone.code()).backup_codes
    challenge = services.begin_sign_in(user).challenge
    assert services.engine().challenge_subject(challenge) == str(user.pk)
    found, proof = services.finish_sign_in(challenge, otp=phone.code())
    assert found == user
    tokens = services.mint(found, proof)
    assert services.verify_access(tokens.access)[0] == user
    assert services.verify_access(services.refresh(tokens.refresh).access)[0] == user
    assert SecondFactorRecord.objects.get(user=user).pk == user.pk
    operate(user)
    recover(user, codes)
    user.delete()
    assert not SecondFactorRecord.objects.exists()
    for call, token in ((services.verify_access, tokens.access), (services.refresh, tokens.refresh)):
        with pytest.raises(Refused, check=lambda refusal: refusal.code == "token_invalid"):
            call(token)


def operate(user):
    """What operators do about a user, whatever the key and the name are."""
    for words in ([user.get_username()], [str(user.pk), "--by", "id"]):
        call_command("twinlock_status", *words)
        call_command("twinlock_unlock", "--yes", *words)
    call_command("twinlock_status")
    call_command("twinlock_reseal", "--batch=1")


def recover(user, codes):
    """By mail where the user model has an address; otherwise the mails are simply not sent."""
    recovery.request_recovery(users.email_of(user) or "anybody@acme.example")
    if users.email_of(user):
        uid, token = re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", mail.outbox[-1].body).groups()
        recovery.confirm_recovery(uid, token, PASSWORD, backup_code=codes[0])
    else:
        services.disable(user, backup=codes[0])
        assert mail.outbox == []
    assert not services.status(user).enabled


if __name__ == "__main__":
    from django.conf import settings

    setup_test_environment()
    call_command("check")
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        whole_flow(
            {"uuid": "a.very.long.address@acme.example", "text": "Zoë /:?% 日本"}[
                os.environ["TWINLOCK_TEST_USER"]
            ]
        )
    finally:
        runner.teardown_databases(databases)
    print("the whole flow works")
