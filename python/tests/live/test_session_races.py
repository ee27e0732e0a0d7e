"""Refresh tokens exchanged many times at once, by tabs and by thieves, over several processes."""

import base64
import json
from collections import Counter
from typing import Any

from livesite.barrage import Answer, Request, at_once, send
from livesite.people import Person
from running_site import RunningSite

DATABASES = ("sqlite", "postgresql", "mariadb")


def sign_in(person: Person) -> dict[str, Any]:
    """Tokens of a new session."""
    answer = send(person.site.port, Request("POST", "/api/jwt/create/", person.credentials))
    assert answer.status == 200, answer.body
    assert isinstance(answer.json, dict)
    return answer.json


def refreshes(token: str, count: int) -> list[Request]:
    """The same exchange many times."""
    return [Request("POST", "/api/jwt/refresh/", {"refresh": token})] * count


def sessions(person: Person, access: str) -> list[dict[str, Any]]:
    """What the person's list shows."""
    answer = send(person.site.port, Request("GET", "/api/jwt/sessions/", token=access))
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.json["sessions"]
    return found


def one_successor(answers: list[Answer]) -> str:
    """All were answered, and with one and the same refresh token."""
    assert Counter(answer.status for answer in answers) == {200: len(answers)}, answers[0].body
    [successor] = {answer.json["refresh"] for answer in answers}
    assert isinstance(successor, str)
    return successor


def test_jwt_10_one_token_exchanged_50_times_at_once_has_one_successor(site: RunningSite) -> None:
    """JWT-10: one of them rotates it, the others get its answer; their access tokens all work."""
    person = Person(site).signed_up()
    for _ in range(3):
        tokens = sign_in(person)
        answers = at_once(site.port, refreshes(tokens["refresh"], 50))
        successor = one_successor(answers)
        assert successor != tokens["refresh"]
        looks = [Request("GET", "/api/totp/status/", token=answer.json["access"]) for answer in answers[:10]]
        assert {answer.status for answer in at_once(site.port, looks)} == {200}
        [current] = [found for found in sessions(person, answers[0].json["access"]) if found["current"]]
        assert current["last_used_at"] >= current["created_at"]
        assert one_successor(at_once(site.port, refreshes(successor, 1))) != successor


def test_jwt_12_five_tabs_go_on_together_and_nobody_is_logged_out(site: RunningSite) -> None:
    """JWT-12: round after round, each tab with what it was last given."""
    person = Person(site).enrolled()
    [signed_in] = at_once(site.port, person.answers(person.challenges(1), otp_code=person.code()))
    tabs = [signed_in.json["refresh"]] * 5
    for _ in range(6):
        requests = [request for token in tabs for request in refreshes(token, 1)]
        answers = at_once(site.port, requests)
        one_successor(answers)
        tabs = [answer.json["refresh"] for answer in answers]


def test_jwt_11_a_copied_token_ends_the_session_for_all_five_who_hold_it(site: RunningSite) -> None:
    """JWT-11: two exchanges later, thieves at once get nothing, and the owner's newest token is dead, too."""
    person = Person(site).signed_up()
    stolen = sign_in(person)["refresh"]
    successor = one_successor(at_once(site.port, refreshes(stolen, 5)))
    successor = one_successor(at_once(site.port, refreshes(successor, 1)))
    thieves = at_once(site.port, refreshes(stolen, 5))
    assert {(answer.status, answer.code) for answer in thieves} == {(401, "token_not_valid")}
    reused = [answer for answer in thieves if "used before" in answer.json["detail"]]
    assert len(reused) == 1, "one of them is told as the one that ended it"
    [owner] = at_once(site.port, refreshes(successor, 1))
    assert (owner.status, owner.code) == (401, "token_not_valid")
    told = [line for line in (site.folder / "audit.log").read_text().splitlines() if "session_reused" in line]
    subject = f'"subject": "{subject_of(person)}"'
    assert sum(subject in line for line in told) == 1


def subject_of(person: Person) -> str:
    """The person's id, as a token says it."""
    payload = str(person.access).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["sub"])


def test_jwt_15_a_logout_amid_refreshes_leaves_nothing_alive(site: RunningSite) -> None:
    """JWT-15: whichever refresh was first, none after the logout."""
    person = Person(site).signed_up()
    for _ in range(5):
        token = sign_in(person)["refresh"]
        logout = Request("POST", "/api/jwt/logout/", {"refresh": token})
        answers = at_once(site.port, [*refreshes(token, 12), logout, *refreshes(token, 12)])
        assert answers[12].status == 204, answers[12].body
        others = [*answers[:12], *answers[13:]]
        assert {answer.status for answer in others} <= {200, 401}, Counter(a.status for a in others)
        given = {answer.json["refresh"] for answer in others if answer.status == 200}
        assert len(given) <= 1
        for left in {token, *given}:
            [answer] = at_once(site.port, refreshes(left, 1))
            assert answer.status == 401, answer.body
        for answer in others:
            if answer.status == 200:
                look = Request("GET", "/api/totp/status/", token=answer.json["access"])
                assert send(site.port, look).status == 401
