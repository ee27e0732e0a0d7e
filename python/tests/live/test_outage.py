"""The database goes away while people sign in: a clear answer, nothing granted, all well afterwards."""

from collections.abc import Iterator

import pytest
from livesite.barrage import Answer, Request, at_once, send
from livesite.people import Person
from livesite.start import site_in
from running_site import RunningSite
from servers.postgres import PrivatePostgres


@pytest.fixture
def own_site(postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site whose database may be killed; it is up again for whoever comes next."""
    folder = tmp_path_factory.mktemp("outage")
    with site_in(folder, SITE_DATABASE_URL=postgres.new_database()) as running:
        yield running


def unavailable(answer: Answer) -> bool:
    return answer.status == 503 and isinstance(answer.json, dict) and {"detail", "code"} <= answer.json.keys()


def test_without_its_database_the_site_says_so_and_recovers(
    own_site: RunningSite, postgres: PrivatePostgres
) -> None:
    """THR-05: what cannot be counted is refused."""
    person = Person(own_site).enrolled()
    [challenge] = person.challenges(1)
    requests = [
        Request("POST", "/api/jwt/create/", person.credentials),
        *person.answers([challenge], otp_code=person.code()),
        *person.answers([challenge], backup_code=person.backup_codes[0]),
        Request("GET", "/api/totp/status/", token=person.access),
        person.request("totp/create/"),
        person.request("totp/disable/", {"otp_code": person.code()}),
        person.request("totp/rotate_backup_codes/", {"otp_code": person.code()}),
    ]
    postgres.kill()
    try:
        for request in requests:
            answer = send(own_site.port, request)
            assert unavailable(answer), (request.path, answer.status, answer.body)
    finally:
        postgres.start()
    [answer] = at_once(own_site.port, person.answers([challenge], otp_code=person.code()))
    assert answer.status == 200, answer.body


def test_a_database_killed_in_the_middle_of_a_race_grants_nothing_twice(
    own_site: RunningSite, postgres: PrivatePostgres
) -> None:
    """STO-02: a sign-in is recorded or it did not happen."""
    person = Person(own_site).enrolled()
    challenges = person.challenges(60)
    code = person.code()
    requests = person.answers(challenges, otp_code=code)
    answers = _kill_during(postgres, own_site, requests)
    assert {answer.status for answer in answers} <= {200, 400, 429, 503}
    granted = sum(answer.status == 200 for answer in answers)
    assert granted <= 1
    [late] = at_once(own_site.port, person.answers(challenges[:1], otp_code=code))
    assert late.status in ({400, 429} if granted else {200, 400, 429}), late.body


def _kill_during(database: PrivatePostgres, site: RunningSite, requests: list[Request]) -> list[Answer]:
    try:
        return at_once(site.port, requests, meanwhile=database.kill)
    finally:
        database.start()
