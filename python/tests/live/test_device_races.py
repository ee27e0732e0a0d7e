"""One sent code, one trusted device's token, one free place: asked for many times at once, given once."""

import re
import time
from collections import Counter
from pathlib import Path

from livesite.barrage import Answer, Request, at_once, send
from livesite.people import Person
from running_site import RunningSite

DATABASES = ("sqlite", "postgresql", "mariadb")

PARALLEL = 20
MAIL_SECONDS = 20


def code_for(site: RunningSite, person: Person) -> str:
    """The code in the mail to a person, once a worker has written it."""
    end = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < end:
        for path in Path(site.folder / "mail").glob("*.log"):
            found = re.search(
                rf"^To: {person.name}@.*?^ {{4}}(\S+)$", path.read_text(), re.MULTILINE | re.DOTALL
            )
            if found:
                return found[1]
        time.sleep(0.05)
    raise AssertionError("no mail was written")


def one_of(answers: list[Answer], status: int) -> Answer:
    """The one answer with that status; every other is a refusal with a code."""
    statuses = Counter(answer.status for answer in answers)
    assert statuses[status] == 1, statuses
    assert set(statuses) <= {status, 400, 429}, statuses
    assert all(answer.code for answer in answers if answer.status != status)
    return next(answer for answer in answers if answer.status == status)


def test_one_sent_code_posted_many_times_at_once_is_good_for_one(site: RunningSite) -> None:
    """VER-02, CHL-02: the code and its challenge are spent together."""
    for _ in range(3):
        person = Person(site).signed_up()
        assert person.post("totp/method/", {"method": "sent"}).status == 200
        begun = person.post("jwt/create/", person.credentials).json
        assert begun["code_sent"] is True
        code = code_for(site, person)
        answers = at_once(
            site.port, person.answers([begun["totp_challenge_token"]] * PARALLEL, sent_code=code)
        )
        assert one_of(answers, 200).json.keys() >= {"access", "refresh"}


def test_codes_asked_for_at_once_stay_as_few_as_the_policy_says(site: RunningSite) -> None:
    """THR-07: three for one challenge, the first among them."""
    person = Person(site).signed_up()
    person.post("totp/method/", {"method": "sent"})
    body = {
        "totp_challenge_token": person.post("jwt/create/", person.credentials).json["totp_challenge_token"]
    }
    answers = at_once(site.port, [person.request("jwt/totp/send/", body)] * PARALLEL)
    statuses = Counter(answer.status for answer in answers)
    assert statuses[200] <= 2, statuses
    assert set(statuses) <= {200, 429}, statuses
    assert send(site.port, person.request("jwt/totp/send/", body)).code == "too_many_codes"


def test_one_token_of_a_trusted_device_at_once_is_good_for_one(site: RunningSite) -> None:
    """API-08: it is rotated by the use that wins."""
    person = Person(site).enrolled()
    [challenge] = person.challenges(1)
    new = {"X-Twinlock-Trust-Token": "new"}
    body = {"totp_challenge_token": challenge, "otp_code": person.code(), "trust_device": True}
    token = send(site.port, Request("POST", "/api/jwt/totp/verify/", body, headers=new)).json["trust_token"]
    shown = Request("POST", "/api/jwt/create/", person.credentials, headers={"X-Twinlock-Trust-Token": token})
    answers = at_once(site.port, [shown] * PARALLEL)
    assert {answer.status for answer in answers} <= {200, 429}
    signed_in = [answer.json for answer in answers if answer.status == 200 and "access" in answer.json]
    assert len(signed_in) == 1


def test_one_code_adds_one_device(site: RunningSite) -> None:
    """VER-02, VER-10: the same code at two endpoints at once is good for one of them."""
    person = Person(site).enrolled()
    code = {"otp_code": person.code()}
    add = person.request("totp/devices/", code)
    method = person.request("totp/method/", {"method": "otp", **code})
    answers = at_once(site.port, [add, method] * (PARALLEL // 2))
    right = [answer.status for answer in answers if answer.status < 300]
    assert len(right) == 1, right
    assert {answer.status for answer in answers} <= {200, 201, 400, 429}
