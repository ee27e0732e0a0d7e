"""Mails in the language of the request, or in the user's where the site knows it."""

import pickle

import pytest
from django.core import mail as outgoing
from django.core.checks import run_checks
from django.utils import translation
from people import enroll, held

from twinlock.django import recovery, services


def japanese(user):
    """A site's USER_LANGUAGE."""
    return "ja" if user.pk else None


def unknown(user):
    """A USER_LANGUAGE of a site that does not know this user's."""
    return


@pytest.fixture
def mails(settings):
    """Runs the mail jobs of a call in a worker of another language; returns the mails."""

    def collect(call, **changes):
        settings.TWINLOCK = {**settings.TWINLOCK, "MAIL_SENDER": "people.hold", **changes}
        held.clear()
        outgoing.outbox.clear()
        with translation.override("de"):
            call()
        with translation.override("fr"):
            for job in held:
                pickle.loads(pickle.dumps(job))()
            assert translation.get_language() == "fr"
        return outgoing.outbox

    return collect


def test_a_notice_is_in_the_language_of_the_request(mails, user):
    found = mails(lambda: enroll(user), NOTICES=["enabled"])[0]
    assert found.subject.endswith("Die Zwei-Faktor-Authentifizierung wurde für Ihr Konto eingeschaltet.")
    assert "Ihr Benutzername:" in found.body
    assert "Ihr Benutzername:" in found.alternatives[0][0]


def test_a_recovery_mail_is_in_the_language_of_the_request(mails, enrolled):
    found = mails(lambda: recovery.request_recovery(enrolled[0].email))[0]
    assert found.subject == "TOTP-Wiederherstellung bei localhost"


def test_a_mail_is_in_the_users_language_where_the_site_knows_it(mails, enrolled):
    user = enrolled[0]
    found = mails(lambda: services.admin_reset(user), USER_LANGUAGE="test_mail_language.japanese")[0]
    assert "二要素認証" in found.subject


def test_a_mail_is_in_the_language_of_the_request_where_the_site_does_not_know_the_users(mails, enrolled):
    user = enrolled[0]
    found = mails(lambda: services.admin_reset(user), USER_LANGUAGE="test_mail_language.unknown")[0]
    assert "Zwei-Faktor-Authentifizierung" in found.subject


@pytest.mark.parametrize("name", ["USER_LANGUAGE", "MAIL_SENDER"])
def test_a_check_names_what_mails_go_through_and_cannot_be_imported(settings, name):
    def found():
        return [message.msg for message in run_checks() if message.id == "twinlock.E009"]

    assert found() == []
    for path in ("nowhere.language", "people.PASSWORD", "nothing"):
        settings.TWINLOCK = {**settings.TWINLOCK, name: path}
        assert found() == [f"TWINLOCK['{name}'] is not the dotted path of a callable that can be imported."]
    settings.TWINLOCK = {**settings.TWINLOCK, name: "test_mail_language.unknown"}
    assert found() == []
