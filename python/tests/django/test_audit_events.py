"""LOG-01: the table of audit events is whole, the page is made of it, and each event comes to be."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.core import mail as outgoing
from people import PASSWORD, Phone, codes_sent, enroll, make_user, sign_in
from rest_framework_simplejwt.tokens import RefreshToken

import twinlock.django
from twinlock.django import recovery, services
from twinlock.django.audit_events import ACTIONS, EVENTS, PLAIN
from twinlock.errors import Refused, TwinlockError

ROOT = Path(__file__).resolve().parents[3]


def policy(settings, policy=None, **changes):
    common = {"window": 2, "devices": 5}
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {**common, **(policy or {})}, **changes}


def test_log_01_the_page_of_events_is_the_table():
    """LOG-01"""
    spec = importlib.util.spec_from_file_location("events", ROOT / "scripts/events_reference.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    written = (ROOT / "docs/events.md").read_text()
    assert written == reference.page(), "python scripts/events_reference.py > docs/events.md"


def test_log_01_no_event_is_written_that_is_not_in_the_table():
    """LOG-01: by name in the source, for what no test does; by the fixture, for what tests do."""
    folder = Path(twinlock.django.__file__).parent
    source = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    named = set(re.findall(r'(?:audit\.event|turned_off)\(\s*"([a-z_]+)"', source))
    assert len(named) > 30
    assert named <= EVENTS.keys()
    actions = set(re.findall(r'watched\(\s*"([a-z_]+)"', source))
    assert actions == ACTIONS.keys()


def test_log_01_every_event_comes_to_be(db, settings, audited, caplog):
    """LOG-01: the whole life of second factors, with each step's success and its failure."""
    caplog.set_level("DEBUG", "twinlock.audit")
    for part in (devices, sessions, swap, sent_codes, recoveries, operators, requirements, faults):
        part(settings)
    missing = PLAIN.keys() - set(audited.names)
    assert not missing
    for action in ("sign_in", "device", "method", "rotation", "disable", "step_up", "trust", "refresh"):
        assert f"{action}_refused" in audited.names
    fields = {record.twinlock["event"]: record.twinlock.keys() for record in audited.records}
    for name, event in PLAIN.items():
        assert set(event.fields) <= fields[name], name


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.code


def devices(settings):
    policy(settings, {"trusted_devices": 2})
    user = make_user()
    services.begin_sign_in(user)
    phone, codes = enroll(user)
    setup = services.add_device(user, parameters={"kind": "hotp"}, otp=phone.code())
    further = Phone(setup.uri).totp
    device = services.confirm_enrollment(user, further.at(0)).device_id
    services.rename_device(user, device, "key fob")
    services.resync_device(user, device, further.at(4), further.at(5))
    services.set_method(user, "otp", backup=codes[0])
    services.remove_device(user, device, backup=codes[1])
    refused(services.remove_device, user, device, otp=phone.wrong())
    refused(services.set_method, user, "off")
    refused(services.regenerate_backup_codes, user, otp=phone.wrong())
    services.unlock(user)
    services.regenerate_backup_codes(user, otp=phone.code())
    found, proof = services.finish_sign_in(services.begin_sign_in(user).challenge, otp=phone.code())
    trusted = services.trust_device(found, proof, "laptop")
    trusted = services.for_client(user, services.begin_sign_in(user, trust_token=trusted.token).trust)
    refused(services.revoke_trusted_device, user, "x")
    services.revoke_trusted_device(user, trusted.id)
    challenge = services.begin_sign_in(user).challenge
    for _ in range(5):
        refused(services.finish_sign_in, challenge, otp=phone.wrong())


def sessions(settings):
    policy(settings, {"backup_codes": 3}, JWT={**settings.TWINLOCK["JWT"], "REUSE_GRACE": 0})
    user = make_user()
    phone, codes = enroll(user)
    tokens = sign_in(user, phone)
    refused(services.step_up, user, "general", otp=phone.wrong())
    services.step_up(user, "general", session=tokens.access, backup=codes[0])
    services.refresh(tokens.refresh)
    refused(services.refresh, tokens.refresh)
    services.logout(sign_in(user, phone).refresh)
    services.mint(*services.finish_sign_in(services.begin_sign_in(user).challenge, backup=codes[1]))
    services.revoke_session(user, services.living_sessions(user)[0].pk)
    services.logout_all(user)
    refused(services.disable, user, otp=phone.wrong())
    services.disable(user, otp=phone.code())


def swap(settings):
    policy(settings, JWT={**settings.TWINLOCK["JWT"], "ACCEPT_SIMPLEJWT_UNTIL": "2100-01-01T00:00:00Z"})
    services.refresh(str(RefreshToken.for_user(make_user())))


def sent_codes(settings):
    sender = {"CODE_SENDER": "people.keep_code"}
    policy(settings, {"sent_codes": "enroll", "fallback": "sent_code"}, **sender)
    user = make_user()
    challenge = services.begin_sign_in(user).challenge
    services.finish_challenge(challenge, sent=codes_sent[-1][1])
    policy(settings, {"sent_codes": "sign_in", "fallback": "sent_code"}, CODE_SENDER="people.break_down")
    services.begin_sign_in(make_user())


def recoveries(settings):
    policy(settings, RECOVERY="admin")
    user = make_user()
    enroll(user)
    recovery.request_recovery(user.email)
    recovery.approve(user)
    uid, token = re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", outgoing.outbox[-1].body).groups()
    with pytest.raises(recovery.CredentialsInvalid):
        recovery.confirm_recovery(uid, token, "wrong")
    recovery.confirm_recovery(uid, token, PASSWORD)


def operators(settings):
    from django.core.management import call_command

    policy(settings)
    user, other = make_user(), make_user()
    enroll(user)
    enroll(other)
    call_command("twinlock_reset", user.username, "--yes")
    services.disable_without_code(other)
    call_command("twinlock_reseal")


def requirements(settings):
    policy(settings, REQUIRED="all")
    user = make_user()
    services.begin_sign_in(user)
    services.renew_grace(user)
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "nobody"}


def faults(settings):
    policy(settings, MAIL_SENDER="nowhere.send")
    recovery.request_recovery("a@acme.example")
    from twinlock.django.models import SecondFactorRecord

    user = make_user()
    enroll(user)
    SecondFactorRecord.objects.filter(user=user).update(record=b"TL\x01\x01 nothing that opens")
    with pytest.raises(TwinlockError):
        services.begin_sign_in(user)
