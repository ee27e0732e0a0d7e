"""The 17 known weaknesses of the contract's origin, django-totp 1.1.7: each is shown closed here."""

import ast
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pyotp
import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.cache import cache
from rest_framework.test import APIClient

import twinlock.drf
from twinlock.django import store
from twinlock.django.models import SecondFactorRecord

OTHER_KEY = "tlk1_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA"


def test_weakness_01_every_file_is_python_3_10_and_needs_nothing_newer():
    for path in Path(twinlock.drf.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(), feature_version=(3, 10))
        imported = {
            (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        newer = {("warnings", "deprecated"), ("typing", "Self"), ("typing", "override"), ("datetime", "UTC")}
        assert not imported & newer, path


def test_weakness_02_a_code_and_a_challenge_are_good_once(enrolled):
    challenge, code = enrolled.challenge(), enrolled.code()
    assert enrolled.answer(challenge, otp_code=code).status_code == 200
    same = enrolled.answer(challenge, otp_code=code)
    other_code = enrolled.answer(challenge, otp_code=enrolled.code(1))
    other_challenge = enrolled.answer(otp_code=code)
    assert [answer.status_code for answer in (same, other_code, other_challenge)] == [400, 400, 400]
    assert other_code.json()["code"] in {"challenge_spent", "challenge_invalid"}
    assert other_challenge.json() == {"detail": "Invalid 2FA code.", "code": "replayed"}


def test_weakness_03_guesses_are_limited_per_account_whatever_address_they_claim(enrolled):
    """THR-01, THR-02."""
    statuses = []
    for guess in range(12):
        addresses = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{guess}", "REMOTE_ADDR": f"198.51.100.{guess}"}
        body = {"totp_challenge_token": enrolled.challenge(), "otp_code": enrolled.wrong_code()}
        statuses.append(enrolled.post("jwt/totp/verify", body, **addresses).status_code)
    assert statuses == [400] * 5 + [429] * 7


def test_weakness_03_a_spoofed_forwarded_for_does_not_open_the_throttle(alice, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "3/day"}
    wrong = {**alice.credentials, "password": "wrong"}
    statuses = [
        alice.post("jwt/create", wrong, HTTP_X_FORWARDED_FOR=f"203.0.113.{client}").status_code
        for client in range(5)
    ]
    assert statuses == [401, 401, 401, 429, 429]


def test_weakness_03_parallel_requests_do_not_slip_past_the_throttle(alice, settings, monkeypatch):
    """`incr` is here as it is in a database cache: a read and a write, with everybody between them."""
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "10/day"}
    monkeypatch.setattr(
        type(cache._connections[cache._alias]), "incr", lambda self, key, delta=1, version=None: 1
    )
    wrong = {**alice.credentials, "password": "wrong"}
    statuses = [alice.post("jwt/create", wrong).status_code for _ in range(40)]
    assert (statuses.count(401), statuses.count(429)) == (10, 30)


def test_weakness_04_an_access_token_alone_turns_nothing_off_and_mints_no_codes(enrolled):
    """ENR-05."""
    for path, purpose, methods in (
        ("totp/disable", "disable", ["otp", "backup"]),
        ("totp/rotate_backup_codes", "regenerate_backup_codes", ["otp"]),
    ):
        response = enrolled.post(path)
        assert response.status_code == 403
        assert response.json() == {
            "detail": "A fresh second factor is needed for this.",
            "code": "second_factor_required",
            "purpose": purpose,
            "max_age": 600,
            "methods": methods,
        }
    assert enrolled.post("jwt/create", enrolled.credentials).json()["is_totp_enabled"] is True


def test_weakness_05_rotating_before_the_confirmation_enables_nothing(alice):
    """ENR-03."""
    alice.sign_in_by_password()
    alice.create()
    for body in ({}, {"otp_code": alice.code()}):
        assert alice.post("totp/rotate_backup_codes", body).status_code == 400
    assert alice.post("jwt/create", alice.credentials).json()["is_totp_enabled"] is False


def test_weakness_05_nor_with_the_old_behaviour(alice, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "DANGER_ROTATE_WITHOUT_CODE": True}
    alice.sign_in_by_password()
    alice.create()
    assert alice.post("totp/rotate_backup_codes").status_code == 400
    assert alice.post("jwt/create", alice.credentials).json()["is_totp_enabled"] is False


def test_weakness_06_the_second_factor_is_on_without_backup_codes(alice, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"backup_codes": 0}}
    assert alice.enroll()["backup_codes"] == []
    assert alice.post("jwt/create", alice.credentials).json()["is_totp_enabled"] is True
    status = alice.get("totp/status").json()
    assert (status["enabled"], status["methods"]) == (True, ["otp"])


def test_weakness_06_the_second_factor_stays_on_when_the_last_backup_code_is_used(alice, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"backup_codes": 1}}
    alice.enroll()
    assert alice.answer(backup_code=alice.backup_codes[0]).status_code == 200
    assert alice.post("jwt/create", alice.credentials).json()["is_totp_enabled"] is True


@pytest.mark.parametrize("ahead", ["create", "confirm"])
def test_weakness_07_create_and_confirm_at_once_never_lose_a_confirmed_factor(alice, monkeypatch, ahead):
    """ENR-02: one request wins the row between the other's read and its write."""
    alice.sign_in_by_password()
    alice.create()
    confirm = {"input_code": alice.code()}
    other = APIClient()
    other.credentials(**alice.http._credentials)
    save, answers = store.DjangoStore.save, {}

    def raced(self, *args):
        monkeypatch.setattr(store.DjangoStore, "save", save)
        body = confirm if ahead == "confirm" else None
        answers[ahead] = other.post(f"/api/totp/{ahead}/", body, format="json")
        return save(self, *args)

    monkeypatch.setattr(store.DjangoStore, "save", raced)
    late = "create" if ahead == "confirm" else "confirm"
    answers[late] = alice.post(f"totp/{late}", confirm if late == "confirm" else None)
    is_enabled = alice.post("jwt/create", alice.credentials).json()["is_totp_enabled"]
    assert answers[ahead].status_code in {200, 201}
    assert answers[late].status_code == 400, "the late one sees what the other did"
    assert is_enabled is (answers["confirm"].status_code == 200)


def test_weakness_08_a_user_deactivated_between_the_steps_gets_no_tokens(enrolled):
    """VER-13."""
    challenge = enrolled.challenge()
    enrolled.user.is_active = False
    enrolled.user.save()
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert response.status_code == 400
    assert response.json() == {"detail": "Invalid or expired challenge token.", "code": "challenge_invalid"}


def recovery_link(person):
    person.post("totp/recovery", {"email": person.user.email})
    found = re.search(r"/totp-recovery/([^/\s]+)/([^/\s]+)", mail.outbox[-1].body)
    return {"uid": found[1], "token": found[2], "password": person.credentials["password"]}


def test_weakness_09_recovery_and_password_reset_do_not_open_each_other(enrolled):
    link = recovery_link(enrolled)
    assert not default_token_generator.check_token(enrolled.user, link["token"])
    link["token"] = default_token_generator.make_token(enrolled.user)
    response = enrolled.post("totp/recovery_confirm", link)
    assert response.json() == {"message": ["The recovery link is invalid or has expired."]}


def test_weakness_10_a_recovery_link_is_good_once(enrolled):
    link = recovery_link(enrolled)
    used = enrolled.post("totp/recovery_confirm", {**link, "backup_code": enrolled.backup_codes[0]})
    assert used.status_code == 204
    enrolled.clock.advance(30)
    enrolled.enroll()
    again = enrolled.post("totp/recovery_confirm", {**link, "backup_code": enrolled.backup_codes[0]})
    assert again.status_code == 400
    assert again.json() == {"message": ["The recovery link is invalid or has expired."]}


def test_weakness_11_recovery_answers_before_it_knows_the_account(enrolled, settings):
    """API-04: the work runs in another thread; here it may not even begin before the answer is there."""
    gate.clear()
    settings.TWINLOCK = {**settings.TWINLOCK, "MAIL_SENDER": f"{__name__}.behind_the_gate"}
    bodies = [
        enrolled.post("totp/recovery", {"email": email}).content
        for email in ("alice@example.com", "x@example.com")
    ]
    assert bodies[0] == bodies[1]
    assert mail.outbox == []
    assert len(gate) == 2


gate = []


def behind_the_gate(job):
    gate.append(job)


@pytest.mark.parametrize("code", ["é" * 16, "日本", "\u2028", "🔑" * 10])
def test_weakness_12_odd_text_is_a_wrong_code(enrolled, code):
    """BAK-07."""
    assert enrolled.answer(backup_code=code).status_code == 400


def test_weakness_12_numbers_in_a_recovery_link_and_a_deleted_users_refresh(enrolled):
    tokens = enrolled.sign_in()
    numbers = enrolled.post("totp/recovery_confirm", {"uid": 1, "token": 2, "password": "x"})
    assert numbers.status_code == 400
    enrolled.user.delete()
    refresh = enrolled.post("jwt/refresh", {"refresh": tokens["refresh"]})
    assert (refresh.status_code, refresh.json()) == (
        401,
        {"detail": "Token is invalid", "code": "token_not_valid"},
    )


def test_weakness_13_the_qr_code_renders_inline_and_can_be_typed_in(alice):
    alice.sign_in_by_password()
    body = alice.create()
    assert body["svg"].startswith("<svg")
    assert "svg:" not in body["svg"]
    tags = {
        element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        for element in ElementTree.fromstring(body["svg"]).iter()
    }
    assert tags <= {"svg", "rect", "path"}
    assert len(body["svg"]) <= 4096
    assert pyotp.parse_uri(body["otpauth_uri"]).secret == body["secret"]


def test_weakness_14_keys_rotate_and_a_missing_key_is_no_wrong_code(enrolled, settings):
    ring = settings.TWINLOCK["KEYS"]
    settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": f"{OTHER_KEY},{ring}"}
    enrolled.sign_in()
    challenge = enrolled.challenge()
    settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": OTHER_KEY}
    SecondFactorRecord.objects.update(record=sealed_by_a_lost_key(enrolled))
    response = enrolled.answer(challenge, otp_code=enrolled.code())
    assert response.status_code == 503
    assert response.json() == {
        "detail": "The second factor cannot be checked at the moment; try again later.",
        "code": "key_unknown",
    }


def sealed_by_a_lost_key(person):
    lost = twinlock.Engine(twinlock.KeyRing.generate(), twinlock.Policy(issuer="Acme"))
    return lost.begin_enrollment(str(person.user.pk), None, account="x").record


def test_weakness_14_a_record_opens_only_for_its_user(enrolled, person):
    """SEA-02."""
    mallory = person("mallory")
    mallory.enroll()
    challenge = enrolled.challenge()
    mallorys = SecondFactorRecord.objects.get(user=mallory.user).record
    SecondFactorRecord.objects.filter(user=enrolled.user).update(record=mallorys)
    response = enrolled.answer(challenge, otp_code=mallory.code())
    assert (response.status_code, response.json()["code"]) == (503, "envelope_rejected")


def test_weakness_15_a_name_may_be_254_long_and_a_stale_header_does_not_block_a_login(alice):
    name = "x" * 254
    response = alice.post("jwt/create", {"username": name, "password": "y"})
    assert (response.status_code, response.json()["detail"]) == (401, "Invalid credentials.")
    assert alice.post("jwt/create", {"username": name + "x", "password": "y"}).status_code == 400
    for header in ("Bearer stale", "Bearer", "Bearer a b c", "Basic eA==", "\xff"):
        alice.http.credentials(HTTP_AUTHORIZATION=header)
        assert alice.post("jwt/create", alice.credentials).status_code == 200


def test_weakness_16_mails_are_plain_text_and_each_change_is_told(enrolled, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "SITE": {"NAME": "A & B <C>", "DOMAIN": "a.example"}}
    mail.outbox.clear()
    assert enrolled.post("totp/disable", {"otp_code": enrolled.code()}).status_code == 204
    assert len(mail.outbox) == 1
    assert "A & B <C>" in mail.outbox[0].subject
    assert "&amp;" not in mail.outbox[0].subject + mail.outbox[0].body


def test_weakness_16_each_change_is_mailed_to_the_user(alice, settings):
    settings.TWINLOCK = {key: value for key, value in settings.TWINLOCK.items() if key != "NOTICES"}
    alice.enroll()
    backup = alice.backup_codes[0]
    alice.bearer(alice.answer(backup_code=backup).json()["access"])
    assert alice.post("totp/rotate_backup_codes", {"otp_code": alice.code()}).status_code == 200
    alice.clock.advance(30)
    assert alice.post("totp/disable", {"otp_code": alice.code()}).status_code == 204
    told = ["turned on", "backup code was used", "New backup codes", "disabled"]
    assert [said in message.subject for said, message in zip(told, mail.outbox, strict=True)] == [True] * 4
    assert not any(backup in message.body for message in mail.outbox)
    mail.outbox.clear()
    settings.TWINLOCK = {**settings.TWINLOCK, "NOTICES": ["signed_in"]}
    alice.enroll()
    alice.sign_in()
    assert ["signed in" in message.subject for message in mail.outbox] == [True]


def test_weakness_17_settings_are_read_when_they_are_used(alice, settings):
    alice.sign_in_by_password()
    settings.TWINLOCK = {**settings.TWINLOCK, "ISSUER": "Changed"}
    assert pyotp.parse_uri(alice.create()["otpauth_uri"]).issuer == "Changed"
    settings.TWINLOCK = {key: value for key, value in settings.TWINLOCK.items() if key != "ISSUER"}
    settings.TOTP_ISSUER = "Old name"
    alice.sign_in_by_password()
    assert pyotp.parse_uri(alice.create()["otpauth_uri"]).issuer == "Old name"
