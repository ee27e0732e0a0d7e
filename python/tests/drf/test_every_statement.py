"""STO-02: whichever statement of a request fails, nothing half is stored and its user can try again.

Each request is sent with its first statement failing, then its second and so on, until none is left to fail;
once with the statement not run, once with only its answer lost.
"""

from collections.abc import Callable
from itertools import count
from typing import NamedTuple

import pytest
from failing import MOMENTS, failing

from twinlock.django import services
from twinlock.django.models import RefreshSession, SecondFactorRecord

pytestmark = pytest.mark.django_db(transaction=True)

BACKUP_CODES = 10
LONGEST = 20
"""More statements than any request takes."""


class Operation(NamedTuple):
    """A request: what comes before it, itself, and what holds when it is sent once more.

    One that spends something is granted once at most. One that repeats is granted again after a failure.
    """

    prepare: Callable
    send: Callable
    spends: bool = False
    repeats: bool = False
    tells: bool = False
    """Whether it ends with news, which are not worth a failure."""


def _challenged(person):
    person.kept = person.challenge()


def _signed_in(person):
    person.kept = person.sign_in()


def _pending(person):
    person.sign_in_by_password()
    person.create()


def _answer(**kinds):
    def send(person):
        code = {kind: find(person) for kind, find in kinds.items()}
        return person.answer(person.kept, **code)

    return send


def _with_code(path, **fields):
    return lambda person: person.post(path, {"otp_code": person.code(), **fields})


OPERATIONS = {
    "password": Operation(lambda _: None, lambda p: p.post("jwt/create", p.credentials), repeats=True),
    "sign-in": Operation(_challenged, _answer(otp_code=lambda person: person.code()), spends=True),
    "backup code": Operation(
        _challenged, _answer(backup_code=lambda person: person.backup_codes[0]), spends=True, tells=True
    ),
    "step-up": Operation(_signed_in, _with_code("totp/step_up", purpose="disable"), spends=True),
    "refresh": Operation(
        _signed_in, lambda p: p.post("jwt/refresh", {"refresh": p.kept["refresh"]}), repeats=True
    ),
    "confirm": Operation(_pending, lambda p: p.post("totp/confirm", {"input_code": p.code()}), spends=True),
    "disable": Operation(_signed_in, _with_code("totp/disable"), spends=True),
    "new backup codes": Operation(_signed_in, _with_code("totp/rotate_backup_codes"), spends=True),
    "add a device": Operation(_signed_in, _with_code("totp/devices", name="Tablet"), spends=True),
    "log out": Operation(_signed_in, lambda p: p.post("jwt/logout_all")),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_sto_02_each_statement_may_fail(name, moment, person):
    """STO-02"""
    operation = OPERATIONS[name]
    failed = 0
    for number in count(1):
        someone = person(f"user{number}")
        if name != "confirm":
            someone.enroll()
        operation.prepare(someone)
        version = _version(someone)
        with failing(number, moment) as statements:
            response = _sent(operation, someone)
        if statements.failed is None:
            break
        if moment == "before" and response.status_code == 503 and _version(someone) != version:
            assert "refreshsession" in statements.failed, "what was stored is lost to mere news"
        failed += _judge(operation, someone, response)
    assert response.status_code < 300
    assert LONGEST > number > 2
    assert 0 < failed < number - 1 if operation.tells else failed > 0


def _version(person):
    return SecondFactorRecord.objects.filter(pk=person.user.pk).values_list("version", flat=True).first()


def _judge(operation, person, response):
    """Judges what a request with a failing statement left; says whether it was answered with 503."""
    assert response.status_code in (200, 201, 204, 503), response.content
    was_refused = response.status_code == 503
    if was_refused:
        assert (response.json()["code"], response.headers["Retry-After"]) == ("store_failed", "5")
    elif "access" in (response.json() if response.content else ()):
        person.bearer(response.json()["access"])
        assert person.get("totp/status").status_code == 200, "what was granted is good"
    found = _whole(person)
    again = _sent(operation, person)
    assert again.status_code != 500
    if operation.spends:
        answers = [response, again, _sent(operation, person)]
        assert sum(answer.status_code < 300 for answer in answers) <= 1, "a code was good twice"
    elif was_refused and operation.repeats:
        assert again.status_code == 200, again.json()
    assert found.failures_in_a_row == 0, "a failure of ours is none of the user's"
    _start_again(person)
    return was_refused


def _whole(person):
    """The state, in which nothing is half: a factor with its codes, or none of either."""
    found = services.status(person.user)
    assert bool(found.devices) == found.enabled
    if not found.enabled:
        assert found.backup_codes_left == 0
    else:
        assert found.backup_codes_left in (BACKUP_CODES - 1, BACKUP_CODES)
    for session in RefreshSession.objects.filter(user=person.user):
        assert session.state
    return found


def _start_again(person):
    """The user signs in anew with the phone's next code, and does something with it."""
    person.clock.advance(60)
    person.http.credentials()
    found = services.status(person.user)
    if found.enabled:
        person.sign_in()
        codes = person.post("totp/rotate_backup_codes", {"otp_code": person.code()})
        assert len(codes.json()["backup_codes"]) == BACKUP_CODES
    else:
        person.enroll()
    assert services.status(person.user).enabled


def _sent(operation, person):
    person.http.raise_request_exception = False
    try:
        return operation.send(person)
    finally:
        person.http.raise_request_exception = True
