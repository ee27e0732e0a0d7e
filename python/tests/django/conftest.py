import pytest
from audit_watch import held_against_the_table
from django.dispatch import Signal
from people import enroll, make_user

from twinlock.django import signals


@pytest.fixture(autouse=True)
def _events_are_in_the_table():
    """LOG-01: whatever a test does, no event is written that is not in the table."""
    with held_against_the_table():
        yield


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def enrolled(user):
    """A user with a second factor: the user, the phone, the backup codes."""
    return (user, *enroll(user))


@pytest.fixture
def heard():
    """The names of the signals sent during the test, in order, with what they carried."""
    found = []
    receivers = []
    for name, signal in vars(signals).items():
        if isinstance(signal, Signal):

            def receiver(name=name, **carried):
                found.append((name, carried))

            signal.connect(receiver)
            receivers.append((signal, receiver))
    yield found
    for signal, receiver in receivers:
        signal.disconnect(receiver)


@pytest.fixture
def audited(caplog):
    """The events of the audit log during the test."""
    caplog.set_level("INFO", "twinlock.audit")

    class Events:
        @property
        def names(self):
            return [record.twinlock["event"] for record in self.records]

        @property
        def records(self):
            return [record for record in caplog.records if record.name == "twinlock.audit"]

        def last(self, name):
            return [record for record in self.records if record.twinlock["event"] == name][-1]

    return Events()
