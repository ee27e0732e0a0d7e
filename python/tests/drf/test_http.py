"""What all answers have in common: no store, no transaction around them, signals and an audit trail."""

import logging

import pytest
from django.db import connection, transaction
from rest_framework.authentication import SessionAuthentication
from rest_framework.test import APIClient

from twinlock.django import signals
from twinlock.drf.views.totp import TotpViewSet

PATHS = {
    "totp/create": {},
    "totp/confirm": {"input_code": "123456"},
    "totp/disable": {},
    "totp/rotate_backup_codes": {},
    "totp/recovery": {"email": "a@example.com"},
    "totp/recovery_confirm": {"uid": "x", "token": "y", "password": "z"},
    "jwt/create": {"username": "alice", "password": "wrong"},
    "jwt/totp/verify": {"totp_challenge_token": "x", "otp_code": "1"},
    "jwt/refresh": {"refresh": "x"},
    "jwt/verify": {"token": "x"},
}


@pytest.mark.parametrize("path", PATHS)
def test_enr_07_no_answer_may_be_stored(enrolled, path):
    responses = [
        enrolled.post(path, PATHS[path]),
        enrolled.http.get(f"/api/{path}/"),
        enrolled.post(path, []),
    ]
    assert {response["Cache-Control"] for response in responses} == {"no-store"}


def test_enr_07_nor_the_answers_that_hold_secrets(alice):
    alice.sign_in_by_password()
    create = alice.post("totp/create")
    alice.secret = create.json()["secret"]
    confirm = alice.post("totp/confirm", {"input_code": alice.code()})
    alice.bearer(confirm.json()["access"])
    responses = [create, confirm, alice.get("totp/status")]
    assert [response.status_code for response in responses] == [201, 200, 200]
    assert {response["Cache-Control"] for response in responses} == {"no-store"}


@pytest.mark.django_db(transaction=True)
def test_ver_04_atomic_requests_do_not_take_a_counted_guess_back(alice, monkeypatch):
    """VER-04: with ATOMIC_REQUESTS five wrong codes lock, though each was answered with an error."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    alice.enroll()
    for _ in range(5):
        assert alice.answer(otp_code=alice.wrong_code()).status_code == 400
    assert alice.answer(otp_code=alice.code()).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_a_middleware_opened_is_told_and_grants_nothing(alice):
    alice.enroll()
    challenge = alice.challenge()
    with transaction.atomic():
        response = alice.answer(challenge, otp_code=alice.code())
    assert (response.status_code, response.json()["code"]) == (503, "transaction_open")
    assert alice.answer(challenge, otp_code=alice.code()).status_code == 200


def test_errors_are_ours_and_not_the_projects_handlers(alice, settings):
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "EXCEPTION_HANDLER": f"{__name__}.a_projects_handler",
    }
    assert (
        alice.post("jwt/create", {**alice.credentials, "password": "x"}).json()["code"]
        == "invalid_credentials"
    )


def a_projects_handler(exc, context):
    raise AssertionError("the project's handler is for the project's views")


def test_api_13_a_project_with_sessions_keeps_its_csrf_check(alice, monkeypatch):
    """With SessionAuthentication, an anonymous request is a 403 and a form of another site does nothing."""
    monkeypatch.setattr(TotpViewSet, "authentication_classes", [SessionAuthentication])
    client = APIClient(enforce_csrf_checks=True)
    anonymous = client.post("/api/totp/create/")
    assert (anonymous.status_code, anonymous.json()["code"]) == (403, "not_authenticated")
    client.force_login(alice.user)
    forged = client.post("/api/totp/create/")
    assert (forged.status_code, forged.json()["code"]) == (403, "permission_denied")
    assert forged.json()["detail"].startswith("CSRF Failed")
    client.cookies["csrftoken"] = "x" * 32
    assert client.post("/api/totp/create/", HTTP_X_CSRFTOKEN="x" * 32).status_code == 201


@pytest.fixture
def heard():
    """The signals that were sent: name, sender, user and what else they carry."""
    found = []
    names = [name for name in vars(signals) if name.islower() and hasattr(getattr(signals, name), "connect")]
    receivers = []
    for name in names:

        def receiver(sender, request, user, *, name=name, signal=None, **extra):
            assert request is not None
            found.append((name, sender.__name__, user.get_username(), extra))

        getattr(signals, name).connect(receiver)
        receivers.append((name, receiver))
    yield found
    for name, receiver in receivers:
        getattr(signals, name).disconnect(receiver)


def test_the_contracts_signals_are_sent_with_the_view_as_sender(alice, heard):
    alice.enroll()
    device = alice.devices()[0]["id"]
    assert alice.post("totp/rotate_backup_codes", {"otp_code": alice.code()}).status_code == 200
    alice.clock.advance(30)
    assert alice.answer(otp_code=alice.wrong_code()).status_code == 400
    alice.sign_in()
    assert alice.post("totp/disable", {"otp_code": alice.code()}).status_code == 204
    assert heard == [
        ("non_totp_login_succeeded", "JWTCreateView", "alice", {}),
        ("enrollment_started", "TotpViewSet", "alice", {"device": device}),
        ("totp_created", "TotpViewSet", "alice", {}),
        ("backup_codes_rotated", "TotpViewSet", "alice", {}),
        (
            "second_factor_refused",
            "JWTTOTP2FAVerifyView",
            "alice",
            {"action": "sign_in", "reason": "wrong_code"},
        ),
        ("totp_login_failed", "JWTTOTP2FAVerifyView", "alice", {"reason": "wrong_code"}),
        ("totp_login_succeeded", "JWTTOTP2FAVerifyView", "alice", {}),
        ("totp_disabled", "TotpViewSet", "alice", {}),
    ]


def test_log_02_no_secret_code_or_token_is_logged(alice, caplog):
    """LOG-02: at DEBUG, through a whole life of a second factor, faults included."""
    caplog.set_level(logging.DEBUG)
    seen = [alice.credentials["password"]]
    enrollment = alice.enroll()
    seen += [alice.secret, enrollment["access"], enrollment["refresh"], *alice.backup_codes]
    challenge, wrong = alice.challenge(), alice.wrong_code()
    alice.answer(challenge, otp_code=wrong)
    seen += [challenge, alice.code(), wrong, *alice.sign_in().values()]
    alice.answer(backup_code=alice.backup_codes[0])
    alice.post("totp/disable", {"otp_code": alice.code()})
    logged = "\n".join(record.getMessage() + str(record.__dict__) for record in caplog.records)
    assert "enrollment_confirmed" in logged
    assert not [text for text in seen if text in logged]
