"""The mails: what is in them, and that no request waits for them."""

import pickle
import subprocess
import sys
import threading

import pytest
from django.core import mail as outgoing
from people import enroll, held, make_user

from twinlock.django import mail, recovery, services
from twinlock.django.worker import Worker


@pytest.fixture
def named(settings):
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "SITE": {"NAME": "A & B <x>", "DOMAIN": "ab.example", "PROTOCOL": "https"},
    }


def test_weakness_16_subject_and_text_are_no_html(named, db):
    user = make_user(username="O'Neil & <b>")
    enroll(user)
    recovery.request_recovery(user.email)
    services.admin_reset(user)
    asked, disabled = outgoing.outbox
    assert asked.subject == "TOTP recovery on A & B <x>"
    assert disabled.subject == (
        "A & B <x> - Two-factor authentication (TOTP) has been disabled on your account"
    )
    for message in (asked, disabled):
        assert "O'Neil & <b>" in message.body
        assert "A & B <x>" in message.body
        assert "&amp;" not in message.body
        assert "https://ab.example" in message.body
        html, kind = message.alternatives[0]
        assert kind == "text/html"
        assert "A &amp; B &lt;x&gt;" in html
        assert "O&#x27;Neil &amp; &lt;b&gt;" in html
        assert message.message().get_content_type() == "multipart/alternative"


def test_a_template_of_django_totp_works_as_it_is(settings, tmp_path, user):
    (tmp_path / "base.html").write_text(
        "{% block subject %}base{% endblock %}{% block text_body %}{% endblock %}"
    )
    (tmp_path / "old.html").write_text(
        "{% extends 'base.html' %}{% load i18n %}"
        "{% block subject %}Old\n {{ site_name }} {{ block.super }}{% endblock %}"
        "{% block text_body %}{{ protocol }}://{{ domain }}{{ url }} {{ user.username }}{% endblock %}"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    settings.TOTP_RECOVERY_EMAIL_TEMPLATE = "old.html"
    enroll(user)
    recovery.request_recovery(user.email)
    message = outgoing.outbox[0]
    assert message.subject == "Old localhost base"
    assert message.body.startswith("http://localhost:3000/totp-recovery/")
    assert message.body.strip().endswith(user.username)
    assert message.alternatives == []


def test_a_host_without_django_templates_still_sends(settings, user):
    settings.TEMPLATES = []
    enroll(user)
    services.admin_reset(user)
    assert len(outgoing.outbox) == 1


def test_a_user_without_an_address_gets_no_mail_and_no_error(db):
    user = make_user(email="")
    enroll(user)
    services.admin_reset(user)
    assert outgoing.outbox == []


def test_weakness_11_asking_does_nothing_for_anybody_until_later(
    settings, enrolled, django_assert_num_queries
):
    """The request path is the same for an address with a second factor and for any other: no query."""
    settings.TWINLOCK = {**settings.TWINLOCK, "MAIL_SENDER": "people.hold"}
    held.clear()
    with django_assert_num_queries(0):
        recovery.request_recovery(enrolled[0].email)
        recovery.request_recovery("nobody@acme.example")
    assert outgoing.outbox == []
    assert len(held) == 2
    for job in held:
        pickle.loads(pickle.dumps(job))()
    assert len(outgoing.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_weakness_11_the_default_sender_works_beside_the_request(settings, user):
    settings.TWINLOCK = {key: value for key, value in settings.TWINLOCK.items() if key != "MAIL_SENDER"}
    enroll(user)
    recovery.request_recovery(user.email)
    assert mail._worker.drain(10)
    assert len(outgoing.outbox) == 1


def test_log_04_a_mail_that_fails_breaks_nothing_and_is_logged(settings, enrolled, audited):
    if hasattr(settings, "MAILERS"):
        settings.MAILERS = {"default": {"BACKEND": "nowhere.Backend"}}
    else:
        settings.EMAIL_BACKEND = "nowhere.Backend"
    services.admin_reset(enrolled[0])
    assert not services.status(enrolled[0]).enabled
    assert audited.last("mail_failed").twinlock["error"] in ("ModuleNotFoundError", "InvalidMailer")
    settings.TWINLOCK = {**settings.TWINLOCK, "MAIL_SENDER": "nowhere.send"}
    recovery.request_recovery("a@acme.example")
    assert audited.names.count("mail_failed") == 2


def test_the_worker_runs_jobs_in_order_in_another_thread():
    worker, done = Worker(), []
    for number in range(20):
        worker.put(lambda number=number: done.append((number, threading.current_thread())))
    assert worker.drain(10)
    assert [number for number, _ in done] == list(range(20))
    assert {thread for _, thread in done} != {threading.current_thread()}


def test_the_worker_refuses_what_it_cannot_hold(monkeypatch):
    from queue import Full

    monkeypatch.setattr("twinlock.django.worker.WAITING_MAX", 2)
    worker, gate = Worker(), threading.Event()
    worker.put(gate.wait)
    results = []
    for _ in range(4):
        try:
            results.append(worker.put(lambda: None))
        except Full as full:
            results.append(full)
    assert isinstance(results[-1], Full)
    gate.set()
    assert worker.drain(10)


FORK = """
import os, django
from django.conf import settings
settings.configure(DATABASES={})
from twinlock.django.worker import Worker
worker, done = Worker(), []
worker.put(lambda: done.append("parent"))
assert worker.drain(10)
child = os.fork()
worker.put(lambda: done.append("after"))
assert worker.drain(10) and done == ["parent", "after"], done
if child:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


def test_ffi_07_a_forked_worker_process_sends_too():
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
