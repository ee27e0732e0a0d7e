"""A hundred wrong codes at once: no more of them are looked at than the lock allows."""

import json
from collections import Counter

import pytest
from livesite.barrage import Request, at_once
from livesite.people import Person
from running_site import RunningSite

ALLOWED = 5  # failures in a row before the lock, by default
STATUS = "import json; from django.contrib.auth import get_user_model; from twinlock.django import services; \
s = services.status(get_user_model().objects.get(username={name!r})); \
print(json.dumps([s.failures_in_a_row, s.failures_today, s.locked_until is not None]))"


def failures(site: RunningSite, person: Person) -> list[int | bool]:
    """Failures in a row, failures today, and whether the factor is locked: from the record itself."""
    printed = site.manage("shell", "-v", "0", "-c", STATUS.format(name=person.name))
    counts: list[int | bool] = json.loads(printed.splitlines()[-1])
    return counts


def guesses(person: Person, kind: str, count: int) -> list[Request]:
    """Wrong answers, each for a challenge of its own, so that only the account's budget can stop them."""
    codes, challenges = person.wrong_codes(count), person.challenges(count)
    answers = {
        "otp_code": codes,
        "backup_code": [f"AAAA-BBBB-CCCC-{code[:4]}" for code in codes],
    }[kind]
    pairs = zip(challenges, answers, strict=True)
    return [person.answers([challenge], **{kind: answer})[0] for challenge, answer in pairs]


@pytest.mark.parametrize("kind", ["otp_code", "backup_code"])
def test_a_hundred_wrong_answers_at_once_are_not_looked_at_beyond_the_lock(
    site: RunningSite, kind: str
) -> None:
    """VER-05: with fresh challenges, from many processes, before any of them is counted."""
    person = Person(site).enrolled()
    answers = at_once(site.port, guesses(person, kind, 100))
    told = Counter((answer.status, answer.code) for answer in answers)
    assert set(told) <= {(400, "wrong_code"), (429, "locked"), (429, "contended")}, told
    looked_at = told[400, "wrong_code"]
    in_a_row, today, locked = failures(site, person)
    assert in_a_row == today == looked_at, (in_a_row, today, told)
    assert 1 <= looked_at <= ALLOWED, told
    assert locked is (in_a_row >= ALLOWED)
    for answer in answers:
        if answer.status == 429:
            assert int(answer.headers["Retry-After"]) >= 1


def test_the_right_code_during_the_lock_is_refused_and_clears_nothing(site: RunningSite) -> None:
    """VER-06, THR-04: right and wrong look the same while the factor is locked."""
    person = Person(site).enrolled()
    for request in guesses(person, "otp_code", ALLOWED):
        at_once(site.port, [request])
    [right, wrong] = person.challenges(2)
    requests = [
        *person.answers([right], otp_code=person.code()),
        *person.answers([wrong], otp_code=person.wrong_codes(1)[0]),
    ]
    answers = [at_once(site.port, [request])[0] for request in requests]
    assert [(answer.status, answer.code) for answer in answers] == [(429, "locked")] * 2
    assert answers[0].json.keys() == answers[1].json.keys()
    assert failures(site, person) == [ALLOWED, ALLOWED, True]


def test_nobody_is_locked_out_without_the_password(site: RunningSite) -> None:
    """VER-11: wrong passwords and made-up challenges count nothing against the second factor."""
    person = Person(site).enrolled()
    outsider = {**person.credentials, "password": "not this one"}
    requests = [Request("POST", "/api/jwt/create/", outsider)] * 20
    requests += person.answers(["made.up.challenge"] * 20, otp_code="123456")
    assert {answer.status for answer in at_once(site.port, requests)} == {400, 401}
    assert failures(site, person) == [0, 0, False]
