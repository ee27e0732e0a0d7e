"""Sent codes on their way: what is handed over, when, and what becomes of a failure."""

import pickle
import re
import threading

import pytest
from django.core import mail as outgoing
from django.test import RequestFactory
from people import codes_sent as given
from people import held, make_user
from test_checks import found

from twinlock.django import delivery, mail, services


@pytest.fixture(autouse=True)
def _sending(settings):
    given.clear()
    held.clear()
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "POLICY": {"sent_codes": "sign_in", "fallback": "sent_code"},
        "CODE_SENDER": "people.keep_code",
    }


def with_(settings, **changes):
    settings.TWINLOCK = {**settings.TWINLOCK, **changes}


def test_the_sender_is_given_user_code_end_and_origin(user):
    request = RequestFactory().post("/", HTTP_USER_AGENT="Agent\x1b[31m/1 " + "x" * 500)
    begun = services.begin_sign_in(user, request=request)
    ((who, code, expires_at, origin, _),) = given
    assert (who, code, expires_at) == (user, begun.sent_code.code, begun.sent_code.expires_at)
    assert origin.address == "127.0.0.1"
    assert origin.user_agent.startswith("Agent[31m/1 xx")
    assert len(origin.user_agent) == 200
    assert services.send_code(begun.challenge) == given[-1][2]


def test_no_request_waits_for_a_delivery(settings, user):
    """API-04: the code is handed over, and a job can go through a queue."""
    with_(settings, MAIL_SENDER="people.hold")
    begun = services.begin_sign_in(user)
    assert given == []
    (job,) = held
    assert begun.sent_code.code not in repr(job)
    pickle.loads(pickle.dumps(job))()
    assert given[0][1] == begun.sent_code.code


@pytest.mark.django_db(transaction=True)
def test_a_code_is_delivered_in_another_thread(settings, user):
    with_(settings, MAIL_SENDER="twinlock.django.mail.in_background")
    services.begin_sign_in(user)
    assert mail._worker.drain(10)
    assert given[0][4] is not threading.current_thread()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"CODE_SENDER": "people.break_down"}, "ConnectionError"),
        ({"CODE_SENDER": "nowhere.send"}, "ModuleNotFoundError"),
        ({"CODE_SENDER": None}, "ImportError"),
        ({"MAIL_SENDER": "nowhere.send"}, "ModuleNotFoundError"),
    ],
)
def test_a_delivery_that_fails_is_audited_and_another_code_can_be_asked_for(
    settings, user, audited, caplog, changes, error
):
    """LOG-01, LOG-02: the sign-in goes on, the log names the failure and not the code."""
    with_(settings, **changes)
    begun = services.begin_sign_in(user)
    assert audited.last("code_delivery_failed").twinlock == {
        "event": "code_delivery_failed",
        "subject": str(user.pk),
        "error": error,
    }
    assert begun.sent_code.code not in caplog.text
    with_(settings, CODE_SENDER="people.keep_code", MAIL_SENDER="twinlock.django.mail.at_once")
    services.send_code(begun.challenge)
    assert services.finish_sign_in(begun.challenge, sent=given[-1][1])[0] == user


def test_a_code_that_comes_too_late_is_not_delivered(settings, user, audited):
    with_(settings, MAIL_SENDER="people.hold")
    services.begin_sign_in(user)
    late = held[0].job
    late = mail.Guarded(
        delivery.CodeDelivery(late.subject, late.code, 1, late.origin),
        "1",
        "code_delivery_failed",
    )
    late()
    assert (given, audited.last("code_delivery_failed").twinlock["error"]) == ([], "Undeliverable")


@pytest.mark.parametrize("what", ["deactivated", "deleted"])
def test_nothing_is_delivered_to_who_is_gone(settings, user, what):
    with_(settings, MAIL_SENDER="people.hold")
    services.begin_sign_in(user)
    if what == "deleted":
        user.delete()
    else:
        type(user).objects.update(is_active=False)
    held[0]()
    assert given == []


def test_the_mail_is_text_and_html_and_escapes_what_users_chose(settings, db):
    site = {"NAME": "A & B", "DOMAIN": "ab.example", "PROTOCOL": "https"}
    with_(settings, CODE_SENDER="twinlock.django.delivery.email_code", SITE=site)
    begun = services.begin_sign_in(make_user(username="O'Neil <b>"))
    (message,) = outgoing.outbox
    assert message.subject == "A & B - Your sign-in code"
    assert re.search(rf"^    {begun.sent_code.code}$", message.body, re.MULTILINE)
    assert "for 5 minutes" in message.body
    assert "O'Neil <b>" in message.body
    html, kind = message.alternatives[0]
    assert (kind, f"<b>{begun.sent_code.code}</b>" in html, "O&#x27;Neil &lt;b&gt;" in html) == (
        "text/html",
        True,
        True,
    )


def test_a_user_without_an_address_is_a_failure_to_be_seen(settings, db, audited):
    with_(settings, CODE_SENDER="twinlock.django.delivery.email_code")
    services.begin_sign_in(make_user(email=""))
    assert audited.last("code_delivery_failed").twinlock["error"] == "Undeliverable"


SENT = {"sent_codes": "sign_in"}


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"POLICY": SENT, "CODE_SENDER": None}, {"twinlock.E006"}),
        ({"POLICY": SENT, "CODE_SENDER": "nowhere.send"}, {"twinlock.E006"}),
        ({"POLICY": SENT, "CODE_SENDER": "people.PASSWORD"}, {"twinlock.E006"}),
        ({"POLICY": SENT, "CODE_SENDER": "people.keep_code"}, set()),
        ({"POLICY": {}, "CODE_SENDER": "nowhere.send"}, {"twinlock.E006"}),
        ({"POLICY": {}, "CODE_SENDER": None}, set()),
        ({"POLICY": {"trusted_devices": 1}, "TRUST_COOKIE_SECURE": False}, {"twinlock.W005"}),
        ({"POLICY": {"trusted_devices": 1}, "TRUST_HEADER": "X-Twinlock-Trust-Token"}, set()),
        ({"POLICY": {"trusted_devices": 1}, "TRUST_HEADER": "X-Trust"}, {"twinlock.W006"}),
        ({"POLICY": {"trusted_devices": 1}, "TRUST_COOKIE_NAME": "seen"}, {"twinlock.W006"}),
        ({"POLICY": {}, "TRUST_HEADER": "X-Trust"}, set()),
        (
            {
                "POLICY": {"trusted_devices": 1},
                "TRUST_COOKIE_SECURE": False,
                "TRUST_COOKIE_SAMESITE": "None",
            },
            {"twinlock.E007"},
        ),
        ({"POLICY": {"trusted_devices": 1}}, set()),
        ({"POLICY": {}, "TRUST_COOKIE_SECURE": False}, set()),
    ],
)
def test_e006_and_e007_what_cannot_be_sent_or_kept_stops_the_start(changes, ids):
    assert set(found(**changes)) & {f"twinlock.{name}" for name in ("E006", "E007", "W005", "W006")} == ids
