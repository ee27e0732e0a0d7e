"""`manage.py twinlock_flush`: ended sessions go, all others stay."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from twinlock.django import services, session_store
from twinlock.django.models import RefreshSession


@pytest.fixture
def ended(user):
    """Seven sessions that ended an hour ago, one that ended a minute ago, one that goes on."""
    services.mint(user, services.begin_sign_in(user).proof)
    row = RefreshSession.objects.get()
    now = timezone.now()
    ends = [now - datetime.timedelta(hours=1)] * 7 + [now - datetime.timedelta(minutes=1)]
    RefreshSession.objects.bulk_create(
        RefreshSession(
            id=f"{number:032x}", user=user, created_at=now, last_used_at=now, expires_at=end, revoked_at=end
        )
        for number, end in enumerate(ends)
    )
    return row.pk


def run(capsys, *arguments):
    call_command("twinlock_flush", *arguments)
    return capsys.readouterr().out


@pytest.mark.parametrize("batch", [1, 3, 7, 1000])
def test_what_ended_goes_in_batches_and_the_rest_stays(ended, capsys, batch):
    """An access token may live on for 15 minutes, and what says that it was revoked must, too."""
    assert run(capsys, f"--batch={batch}") == "7 ended sessions deleted.\n"
    assert set(RefreshSession.objects.values_list("pk", flat=True)) == {ended, f"{7:032x}"}
    assert run(capsys) == "0 ended sessions deleted.\n"


def test_a_dry_run_counts_and_deletes_nothing(ended, capsys):
    assert run(capsys, "--dry-run") == "7 ended sessions would be deleted.\n"
    assert RefreshSession.objects.count() == 9


def test_an_interrupted_run_has_deleted_whole_batches_and_is_run_again(ended, capsys, monkeypatch):
    delete, calls = session_store._delete, []

    def fails_the_second_time(*args):
        calls.append(args)
        if len(calls) == 2:
            raise OperationalError("gone")
        return delete(*args)

    with monkeypatch.context() as patch:
        patch.setattr(session_store, "_delete", fails_the_second_time)
        with pytest.raises(CommandError, match=r"store_failed.*run it again"):
            run(capsys, "--batch=3")
    assert RefreshSession.objects.count() == 6
    assert run(capsys) == "4 ended sessions deleted.\n"


@pytest.mark.parametrize("batch", ["0", "-1", "x", "1000000", "٣"])
def test_a_batch_that_makes_no_sense_is_refused(ended, batch):
    with pytest.raises(CommandError, match="whole number from 1"):
        call_command("twinlock_flush", f"--batch={batch}")
