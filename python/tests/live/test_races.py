"""One code, one challenge, one backup code, posted many times at once: exactly one of them is let in."""

from collections import Counter

import pytest
from livesite.barrage import Answer, Request, at_once
from livesite.people import Person
from running_site import RunningSite

DATABASES = ("sqlite", "postgresql", "mariadb")

SIZES = pytest.mark.parametrize(("parallel", "rounds"), [(20, 5), (100, 2)])


def only_one_was_let_in(answers: list[Answer]) -> None:
    statuses = Counter(answer.status for answer in answers)
    assert statuses[200] == 1, statuses
    assert set(statuses) <= {200, 400, 429}, statuses
    winner = next(answer for answer in answers if answer.status == 200)
    assert winner.json.keys() >= {"access", "refresh"}
    for answer in answers:
        if answer.status != 200:
            assert "access" not in answer.json
            assert answer.code, answer.body


@SIZES
def test_one_totp_code_in_many_sign_ins_at_once_is_good_for_one(
    site: RunningSite, parallel: int, rounds: int
) -> None:
    """VER-02: N sign-ins, each with its own challenge, all with the same code."""
    for _ in range(rounds):
        person = Person(site).enrolled()
        challenges = person.challenges(parallel)
        only_one_was_let_in(at_once(site.port, person.answers(challenges, otp_code=person.code())))


@SIZES
def test_one_challenge_answered_many_times_at_once_is_good_for_one(
    site: RunningSite, parallel: int, rounds: int
) -> None:
    """CHL-02: the challenge is spent together with the factor."""
    for _ in range(rounds):
        person = Person(site).enrolled()
        challenges = person.challenges(1) * parallel
        only_one_was_let_in(at_once(site.port, person.answers(challenges, otp_code=person.code())))


@SIZES
def test_one_backup_code_in_many_sign_ins_at_once_is_good_for_one(
    site: RunningSite, parallel: int, rounds: int
) -> None:
    """BAK-04: a backup code is single-use under concurrency, and spent for good."""
    for _ in range(rounds):
        person = Person(site).enrolled()
        code = person.backup_codes[3]
        only_one_was_let_in(at_once(site.port, person.answers(person.challenges(parallel), backup_code=code)))


def test_two_different_backup_codes_at_once_are_both_spent(site: RunningSite) -> None:
    """BAK-04: a lost race brings no spent code back."""
    for _ in range(5):
        person = Person(site).enrolled()
        codes = person.backup_codes[:2]
        pairs = zip(person.challenges(2), codes, strict=True)
        requests = [person.answers([challenge], backup_code=code)[0] for challenge, code in pairs]
        assert [answer.status for answer in at_once(site.port, requests)] == [200, 200]
        assert person.status()["backup_codes_left"] == 8
        for code in codes:
            [again] = at_once(site.port, person.answers(person.challenges(1), backup_code=code))
            assert again.status == 400


def test_confirming_while_others_start_over_leaves_one_whole_enrollment(site: RunningSite) -> None:
    """ENR-02: codes that were handed out work, whatever `create` ran beside the `confirm`."""
    for _ in range(4):
        person = Person(site).signed_up()
        first = person.post("totp/create/").json
        person.scans(first["otpauth_uri"])
        confirm = person.request("totp/confirm/", {"input_code": person.code(0)})
        create = person.request("totp/create/")
        answers = at_once(site.port, [confirm, create] * 25)
        confirmed = [answer for answer in answers[::2] if answer.status == 200]
        assert len(confirmed) <= 1
        assert {answer.status for answer in answers} <= {200, 201, 400, 401, 409, 429}
        if confirmed:
            code = confirmed[0].json["backup_codes"][0]
            [signed_in] = at_once(site.port, person.answers(person.challenges(1), backup_code=code))
            assert signed_in.status == 200, signed_in.body


def test_the_requests_of_a_race_reach_several_processes(site: RunningSite) -> None:
    """What the other tests prove, they prove across processes."""
    person = Person(site).enrolled()
    at_once(site.port, [Request("POST", "/api/jwt/create/", person.credentials)] * 60)
    at_once(site.port, person.answers(person.challenges(60), otp_code=person.code()))
    audit = (site.folder / "audit.log").read_text().splitlines()
    assert len({line.split()[2] for line in audit}) >= 2
