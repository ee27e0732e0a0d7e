"""A person with a phone, an HTTP client and a clock that stands still until a test moves it."""

import datetime

import pyotp
import pytest
from audit_watch import held_against_the_table
from clocked import ClockedEngine
from contract import Contract
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.dispatch import Signal
from django.utils import timezone
from rest_framework.test import APIClient
from twins import shows_twins

from twinlock.django import signals
from twinlock.django.conf import settings as twinlock_settings
from twinlock.django.services import build

PASSWORD = "correct horse battery staple"
START = 1_800_000_000


@pytest.fixture(autouse=True)
def _events_are_in_the_table():
    """LOG-01: whatever a test does, no event is written that is not in the table."""
    with held_against_the_table():
        yield


class Clock:
    """The time that the engine is told."""

    def __init__(self, now):
        self.now = now

    def advance(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    """Freezes the engine's and Django's time; the throttles keep the machine's."""
    clock = Clock(START)
    build_engine = build.build_engine
    monkeypatch.setattr(build, "build_engine", lambda *args: ClockedEngine(build_engine(*args), clock))
    monkeypatch.setattr(build, "_built", None)
    utc = datetime.timezone.utc
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime.fromtimestamp(clock.now, tz=utc))
    yield clock
    build._built = None


class Person:
    """One user of the API."""

    def __init__(self, name, clock, **fields):
        model = get_user_model()
        fields = {model.USERNAME_FIELD: name, "email": f"{name.partition('@')[0]}@example.com", **fields}
        self.user = model.objects.create_user(password=PASSWORD, **fields)
        self.name = name
        self.clock = clock
        self.http = APIClient()
        self.secret = None
        self.backup_codes = []

    @property
    def credentials(self):
        return {type(self.user).USERNAME_FIELD: self.name, "password": PASSWORD}

    def post(self, path, body=None, **kwargs):
        return self.http.post(f"/api/{path}/", body if body is not None else {}, format="json", **kwargs)

    def get(self, path):
        return self.http.get(f"/api/{path}/")

    def patch(self, path, body):
        return self.http.patch(f"/api/{path}/", body, format="json")

    def delete(self, path, body=None):
        return self.http.delete(f"/api/{path}/", body or {}, format="json")

    def bearer(self, access):
        self.http.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
        return access

    def sign_in_by_password(self):
        """Signs in without a second factor."""
        response = self.post("jwt/create", self.credentials)
        assert response.status_code == 200, response.json()
        self.bearer(response.json()["access"])
        return response.json()

    def create(self):
        response = self.post("totp/create")
        assert response.status_code == 201, response.json()
        self.secret = response.json()["secret"]
        return self.create() if shows_twins(self.secret, self.clock.now) else response.json()

    def code(self, steps=0):
        """The phone's code, some steps away from now."""
        return pyotp.TOTP(self.secret).at(self.clock.now + 30 * steps)

    def wrong_code(self):
        right = {self.code(step) for step in range(-2, 3)}
        return next(
            code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in right
        )

    def enroll(self):
        """Signs in, creates, confirms; the clock is then one step past the code that confirmed."""
        self.sign_in_by_password()
        self.create()
        response = self.post("totp/confirm", {"input_code": self.code()})
        assert response.status_code == 200, response.json()
        self.backup_codes = response.json()["backup_codes"]
        self.bearer(response.json()["access"])
        self.clock.advance(30)
        return response.json()

    def add_device(self, **parameters):
        """Adds a device with a code of the first; returns its id and its secret."""
        made = self.post("totp/devices", {"otp_code": self.code(), **parameters})
        assert made.status_code == 201, made.json()
        self.clock.advance(30)
        secret, kind = made.json()["secret"], parameters.get("kind", "totp")
        code = pyotp.HOTP(secret).at(0) if kind == "hotp" else pyotp.TOTP(secret).at(self.clock.now)
        response = self.post("totp/confirm", {"input_code": code})
        assert response.status_code == 200, response.json()
        self.bearer(response.json()["access"])
        self.clock.advance(30)
        return response.json()["device_id"], secret

    def devices(self):
        return self.get("totp/devices").json()["devices"]

    def trusted_devices(self):
        return self.get("totp/trusted_devices").json()["trusted_devices"]

    def challenge(self):
        response = self.post("jwt/create", self.credentials)
        assert response.status_code == 200, response.json()
        return response.json()["totp_challenge_token"]

    def answer(self, challenge=None, **code):
        return self.post("jwt/totp/verify", {"totp_challenge_token": challenge or self.challenge(), **code})

    def sign_in(self):
        """Signs in with the phone's present code, and moves on to the next."""
        response = self.answer(otp_code=self.code())
        assert response.status_code == 200, response.json()
        self.clock.advance(30)
        self.bearer(response.json()["access"])
        return response.json()


@pytest.fixture(autouse=True)
def _project(settings):
    settings.ROOT_URLCONF = "drf_urls"
    cache.clear()


CONTRACT = Contract()


def _judge(method, path, status, body):
    # The document is that of the default settings, and a defect that a test provokes is a 500.
    if status == 500 or twinlock_settings.JWT.SLIDING:
        return
    # A project's own authentication class without a challenge turns DRF's 401 into a 403.
    if status == 403 and body["code"] in ("not_authenticated", "permission_denied"):
        return
    complaint = CONTRACT.complaint(method, path, status, body)
    assert complaint is None, complaint


@pytest.fixture(autouse=True)
def _documented(monkeypatch):
    """API-13: whatever a test of this folder is answered is in the committed OpenAPI document."""
    send = APIClient.request

    def judged(client, **kwargs):
        response = send(client, **kwargs)
        if response.headers.get("Content-Type", "application/json") == "application/json":
            body = response.json() if response.content else None
            _judge(kwargs["REQUEST_METHOD"], kwargs["PATH_INFO"], response.status_code, body)
        return response

    monkeypatch.setattr(APIClient, "request", judged)


@pytest.fixture
def heard_signals():
    """The names of the signals sent during the test, in order."""
    found, receivers = [], []
    for name, signal in vars(signals).items():
        if isinstance(signal, Signal):

            def receiver(name=name, **carried):
                found.append(name)

            signal.connect(receiver)
            receivers.append((signal, receiver))
    yield found
    for signal, receiver in receivers:
        signal.disconnect(receiver)


@pytest.fixture
def unthrottled(settings):
    settings.TWINLOCK = {**settings.TWINLOCK, "THROTTLE_RATE": "100000/minute"}


@pytest.fixture
def person(db, clock, unthrottled):
    return lambda name, **fields: Person(name, clock, **fields)


@pytest.fixture
def alice(person):
    return person("alice")


@pytest.fixture
def enrolled(alice):
    """Alice with a second factor, an access token of after the enrollment, and a phone with a fresh code."""
    alice.enroll()
    return alice
