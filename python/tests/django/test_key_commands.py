"""`manage.py twinlock_keys` and `twinlock_reseal`: rotating the keys of a site, with the site running."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from people import enroll, make_user, sign_in

from twinlock import KeyRing
from twinlock.django import services, statements
from twinlock.django.listed import ListedDjangoStore
from twinlock.django.models import SecondFactorRecord
from twinlock.errors import Refused

HERE = Path(__file__).parent


@pytest.fixture
def run(capsys):
    """Runs a command; returns its exit code, and all that it said."""

    def call(*arguments):
        try:
            call_command(*arguments)
        except CommandError as error:
            out, complaint = capsys.readouterr()
            return error.returncode, out + complaint + str(error)
        return 0, "".join(capsys.readouterr())

    return call


@pytest.fixture
def three(db):
    return [(user, *enroll(user)) for user in (make_user(), make_user(), make_user())]


@pytest.fixture
def rotate(settings):
    """Puts a new key before the old ones; returns the ids of the old and the new one."""

    def turn():
        old = settings.TWINLOCK["KEYS"]
        new = KeyRing.generate()
        settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": f"{new.to_text()},{old}"}
        return KeyRing.parse(old).ids[0], new.ids[0]

    return turn


def keep_only_the_first(settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "KEYS": settings.TWINLOCK["KEYS"].split(",")[0]}


def test_sea_06_keys_counts_the_records_of_each_and_calls_no_used_key_droppable(three, run, rotate):
    """SEA-06"""
    old, new = rotate()
    code, said = run("twinlock_keys")
    assert code == 0
    assert f"{old}        3  still needed\n" in said
    assert f"{new}        0  seals\n" in said
    assert re.search(r"86400 s  sessions", said), "what is not stored is named with its life"
    code, said = run("twinlock_keys", "--drop", old)
    assert (code, f"still needed: {old}" in said) == (1, True)
    assert run("twinlock_keys", "--drop", new)[0] == 1
    assert run("twinlock_keys", "--drop", "0" * 16)[0] == 2
    facts = json.loads(run("twinlock_keys", "--json")[1])
    assert {key["id"]: key["records"] for key in facts["keys"]} == {old: 3, new: 0}


def test_sea_06_a_key_that_was_taken_away_is_missed(three, run, rotate, settings):
    """SEA-06"""
    old, _ = rotate()
    keep_only_the_first(settings)
    code, said = run("twinlock_keys")
    assert code == 1
    assert f"{old}        3  missing in TWINLOCK['KEYS']\n" in said
    assert "3 records cannot be opened" in said


@pytest.mark.parametrize("batch", ["1", "2", "1000"])
def test_sea_05_after_reseal_the_old_key_can_go(three, run, rotate, settings, batch, audited):
    """SEA-05"""
    old, _ = rotate()
    before = list(SecondFactorRecord.objects.values_list("record", flat=True))
    code, said = run("twinlock_reseal", "--dry-run")
    assert (code, said.partition("\n")[0]) == (
        1,
        "3 records: 3 would be sealed anew, 0 left alone, 0 failed",
    )
    assert list(SecondFactorRecord.objects.values_list("record", flat=True)) == before
    code, said = run("twinlock_reseal", "--batch", batch)
    assert (code, said.partition("\n")[0]) == (0, "3 records: 3 sealed anew, 0 left alone, 0 failed")
    assert audited.last("records_resealed").twinlock["resealed"] == 3
    assert run("twinlock_reseal")[1].startswith("3 records: 0 sealed anew, 3 left alone")
    assert run("twinlock_keys", "--drop", old)[0] == 0
    keep_only_the_first(settings)
    for user, phone, codes in three:
        sign_in(user, phone)
        challenge = services.begin_sign_in(user).challenge
        assert services.finish_sign_in(challenge, backup=codes[0])[1].method == "backup"


def test_sea_05_a_change_that_comes_between_is_kept(enrolled, run, rotate, monkeypatch):
    """SEA-05: the sign-in that happens while the record is being sealed anew stays spent."""
    user, phone, _ = enrolled
    rotate()
    code, replace, calls = phone.code(), statements.replace, []

    def raced(*given):
        calls.append(given)
        if len(calls) == 1:
            services.finish_sign_in(services.begin_sign_in(user).challenge, otp=code)
        return replace(*given)

    with monkeypatch.context() as patch:
        patch.setattr(statements, "replace", raced)
        assert run("twinlock_reseal")[0] == 0
    assert len(calls) == 3, "one lost, one of the sign-in, one more"
    with pytest.raises(Refused, match="used before"):
        services.finish_sign_in(services.begin_sign_in(user).challenge, otp=code)


def test_a_record_that_cannot_be_opened_is_named_and_keeps_the_key(three, run, rotate):
    old, _ = rotate()
    broken = three[1][0]
    SecondFactorRecord.objects.filter(user=broken).update(record=b"\x00" * 80)
    code, said = run("twinlock_reseal")
    assert code == 1
    assert said.startswith("3 records: 2 sealed anew, 0 left alone, 1 failed")
    assert f"{broken.pk}: The bytes are not a sealed envelope" in said
    assert f"{old}        0  unknown, since some cannot be opened" in said


def test_a_database_that_fails_is_said_with_where_to_go_on(three, run, rotate, monkeypatch):
    rotate()
    replace, calls = statements.replace, []

    def fails_the_third_time(*given):
        calls.append(given)
        if len(calls) == 3:
            raise OperationalError("server closed, password=hunter2")
        return replace(*given)

    with monkeypatch.context() as patch:
        patch.setattr(statements, "replace", fails_the_third_time)
        code, said = run("twinlock_reseal", "--batch=1")
    assert code == 2
    assert "store_failed" in said
    assert "hunter2" not in said
    assert f"Run it again with --after '{three[1][0].pk}' to go on" in said
    code, said = run("twinlock_reseal", "--after", str(three[1][0].pk))
    assert (code, said.partition("\n")[0]) == (0, "1 records: 1 sealed anew, 0 left alone, 0 failed")
    assert run("twinlock_reseal", "--after", "nonsense")[0] == 2


def test_a_bar_is_drawn_on_a_terminal_only(three, run, rotate, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    rotate()
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        assert run("twinlock_reseal")[0] == 0
    assert "\rsealing anew [" + "#" * 30 + "] 100%  3\n" in terminal.getvalue()
    assert "counting [" in terminal.getvalue()
    assert "[" not in run("twinlock_reseal")[1]


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_the_store_lists_its_subjects_in_pages(three, limit):
    store, found, after = ListedDjangoStore(services.engine), [], ""
    while True:
        page, after = store.subjects(after, limit)
        found += page
        if not after:
            break
    assert found == [str(user.pk) for user, _, _ in three]


@contextmanager
def resealing(settings):
    """Another process that seals anew, until it is killed."""
    told = {"TEST_DATABASE": connection.settings_dict["NAME"], "TEST_KEYS": settings.TWINLOCK["KEYS"]}
    command = [sys.executable, str(HERE / "reseal_worker.py"), "--batch=7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **told}) as worker:
        try:
            yield worker
        finally:
            worker.send_signal(signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_sea_05_kill_9_in_the_middle_loses_nothing_and_the_next_run_ends_it(run, rotate, settings):
    """SEA-05: a real process is killed, while users sign in and enroll anew."""
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"window": 2, "backup_codes": 1}}
    people = [(user, *enroll(user)) for user in (make_user() for _ in range(40))]
    rotate()
    with resealing(settings) as worker:
        done = [worker.stdout.readline() for _ in range(15)]
        assert done[-1].startswith("stored")
        for user, phone, _ in (people[0], people[-1]):
            sign_in(user, phone)
        services.admin_reset(people[-2][0])
        again = (people[-2][0], *enroll(people[-2][0]))
        assert worker.poll() is None, "it was killed in the middle"
    code, said = run("twinlock_keys", "--drop", KeyRing.parse(settings.TWINLOCK["KEYS"]).ids[1])
    assert code == 1, said
    code, said = run("twinlock_reseal")
    assert code == 0, said
    assert re.match(r"40 records: \d+ sealed anew, (1[5-9]|[23]\d) left alone, 0 failed", said), said
    keep_only_the_first(settings)
    for user, phone, _ in [*people[1:-2], again]:
        assert sign_in(user, phone).access
    for user, _, codes in (people[0], people[-1]):
        challenge = services.begin_sign_in(user).challenge
        assert services.finish_sign_in(challenge, backup=codes[0])[1].method == "backup"
