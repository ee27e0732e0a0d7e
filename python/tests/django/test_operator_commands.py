"""`manage.py twinlock_status`, `twinlock_reset` and `twinlock_unlock`, as an operator uses them."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from people import PASSWORD, enroll, make_user, sign_in

from twinlock.django import services
from twinlock.django.models import EnrollmentRequirement, SecondFactorRecord
from twinlock.errors import Refused


@pytest.fixture
def run(capsys):
    def call(*arguments):
        call_command(*arguments)
        return capsys.readouterr().out

    return call


@pytest.fixture
def answers(monkeypatch):
    """What the operator types when asked."""

    def typed(*texts):
        left = list(texts)
        monkeypatch.setattr("builtins.input", lambda _: left.pop(0))

    return typed


def lock(user, phone):
    challenge = services.begin_sign_in(user).challenge
    for _ in range(5):
        with pytest.raises(Refused):
            services.finish_sign_in(challenge, otp=phone.wrong())
    assert services.status(user).locked_until


def test_the_status_of_a_user_holds_all_that_helps_and_nothing_secret(enrolled, run):
    user, phone, codes = enrolled
    tokens = sign_in(user, phone)
    lock(user, phone)
    text = run("twinlock_status", user.username)
    for expected in (user.username, "enabled                  yes", "devices                  1", "10"):
        assert expected in text
    facts = json.loads(run("twinlock_status", str(user.pk), "--by=id", "--json"))
    assert facts["id"] == str(user.pk)
    assert facts["enabled"]
    assert facts["failures_in_a_row"] == 5
    assert facts["locked_until"].endswith("Z")
    assert len(facts["sessions"]) == 1
    record = SecondFactorRecord.objects.get(user=user).record
    secrets = [phone.totp.secret, *codes, tokens.access, tokens.refresh, bytes(record).hex()[:40], PASSWORD]
    for secret in secrets:
        assert secret not in text + json.dumps(facts)


def test_a_user_is_found_by_id_name_and_address_and_never_by_guess(db, run):
    ann = make_user(username="ann", email="Ann@acme.example")
    for words in (["ann"], [str(ann.pk), "--by", "id"], ["ann@ACME.example"], ["ann", "--by=name"]):
        assert json.loads(run("twinlock_status", "--json", *words))["id"] == str(ann.pk)
    make_user(username=str(ann.pk))
    with pytest.raises(CommandError, match=r"several users: ann \(id \d+\), \d+ \(id \d+\).*--by id"):
        call_command("twinlock_status", str(ann.pk))
    for nobody in ("nobody", "", "\x00", "99999999999999999999", "ann\x1b[2J"):
        with pytest.raises(CommandError, match="There is no user") as caught:
            call_command("twinlock_status", nobody)
        assert "\x1b" not in str(caught.value)


def test_looking_at_a_user_stores_nothing(user, run, settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "all"}
    assert json.loads(run("twinlock_status", user.username, "--json"))["required"] is True
    assert EnrollmentRequirement.objects.count() == SecondFactorRecord.objects.count() == 0


def test_the_totals_count_users_records_and_sessions(enrolled, run, settings):
    user, phone, _ = enrolled
    settings.TWINLOCK = {**settings.TWINLOCK, "REQUIRED": "all"}
    services.grace_ends_at(make_user())
    sign_in(user, phone)
    lock(user, phone)
    assert json.loads(run("twinlock_status", "--json")) == {
        "users": 2,
        "records": 1,
        "enabled": 1,
        "locked": 1,
        "without_backup_codes": 0,
        "waiting_for_recovery": 0,
        "methods": {"totp": 1},
        "required_and_not_enabled": 1,
        "sessions": 1,
    }
    assert "methods                  totp 1" in run("twinlock_status")


def test_an_empty_site_has_totals_too(db, run):
    assert "methods                  none" in run("twinlock_status")


def test_log_03_a_name_writes_nothing_but_itself_to_the_terminal(db, run):
    """LOG-03"""
    user = get_user_model()(username="eve\x1b[2J\r\nroot", email="e@acme.example")
    user.save()
    assert "\x1b" not in run("twinlock_status", "e@acme.example")
    assert "eve[2J root" in run("twinlock_status", "e@acme.example")


def test_reset_asks_first_and_tells_the_user_and_the_log(enrolled, run, answers, audited):
    """API-11"""
    user, phone, _ = enrolled
    tokens = sign_in(user, phone)
    answers("n", "", "yes")
    for _ in range(2):
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("twinlock_reset", user.username)
    assert services.status(user).enabled
    assert "the second factor is off" in run("twinlock_reset", user.username)
    assert not services.status(user).enabled
    assert [message.to for message in mail.outbox] == [[user.email]]
    action = audited.last("operator_action").twinlock
    assert (action["action"], action["operator"][:6]) == ("reset", "shell:")
    for token in (tokens.access, tokens.refresh):
        with pytest.raises(Refused):
            services.verify(token)


def test_without_a_terminal_and_without_yes_nothing_is_changed(enrolled, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: (_ for _ in ()).throw(EOFError()))
    with pytest.raises(CommandError, match="Say --yes"):
        call_command("twinlock_reset", enrolled[0].username)
    assert services.status(enrolled[0]).enabled


def test_several_users_are_unlocked_at_once(db, run, capsys):
    people = [make_user() for _ in range(3)]
    for user in people[:2]:
        lock(user, enroll(user)[0])
    names = [user.username for user in people]
    with pytest.raises(CommandError, match=r"Not done for 1 of 3\.") as caught:
        call_command("twinlock_unlock", *names, "--yes")
    assert caught.value.returncode == 1
    assert f"{people[2]} (id" in capsys.readouterr().err
    assert [services.status(user).locked_until for user in people[:2]] == [None, None]
    assert run("twinlock_unlock", *names[:2], names[0], "--yes").count("not locked") == 2


def test_one_unknown_name_and_nobody_is_touched(enrolled):
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("twinlock_reset", enrolled[0].username, "nobody", "--yes")
    assert services.status(enrolled[0]).enabled


@pytest.mark.parametrize("name", ["status", "reset", "unlock", "keys", "reseal", "flush"])
def test_each_command_says_what_it_does(name, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command(f"twinlock_{name}", "--help")
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 300
