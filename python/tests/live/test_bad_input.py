"""Whatever is sent, no endpoint of the running site answers 500."""

import json
from collections.abc import Iterator

import pytest
from livesite.barrage import Answer, Request, send
from livesite.people import Person
from running_site import RunningSite

CHALLENGE, UID = "a.b.c", "MQ"
FIELDS: dict[str, dict[str, str]] = {
    "example/sign_up/": {"username": "x", "email": "x@example.com", "password": "long enough 1"},
    "jwt/create/": {"username": "x", "password": "y"},
    "jwt/totp/verify/": {"totp_challenge_token": CHALLENGE, "otp_code": "123456"},
    "jwt/totp/send/": {"totp_challenge_token": CHALLENGE},
    "totp/devices/": {"name": "x", "otp_code": "123456"},
    "totp/devices/x/resync/": {"first_code": "123456", "second_code": "123457"},
    "totp/method/": {"method": "otp", "otp_code": "123456"},
    "jwt/refresh/": {"refresh": CHALLENGE},
    "jwt/verify/": {"token": CHALLENGE},
    "totp/create/": {},
    "totp/confirm/": {"input_code": "123456"},
    "totp/disable/": {"otp_code": "123456"},
    "totp/rotate_backup_codes/": {"otp_code": "123456"},
    "totp/recovery/": {"email": "x@example.com"},
    "totp/recovery_confirm/": {"uid": UID, "token": "t-t", "password": "y"},
}
# JSON as text, so that it can hold what Python would not write.
VALUES = {
    "null": "null",
    "true": "true",
    "a number": "5",
    "a large number": "1e308",
    "not a number": "NaN",
    "endless digits": "9" * 5000,
    "a list": '["123456"]',
    "an object": '{"a": {"b": []}}',
    "empty": '""',
    "spaces": '"   "',
    "a NUL": '"12\\u00003456"',
    "a lone surrogate": '"\\ud800"',
    "two surrogates the wrong way round": '"\\udc00\\ud800"',
    "full-width digits": '"\uff11\uff12\uff13\uff14\uff15\uff16"',
    "Arabic-Indic digits": '"\u0661\u0662\u0663\u0664\u0665\u0666"',
    "letters beyond ASCII": '"\u00e9\u00e8\U0001f600"',
    "a sign": '"+12345"',
    "an underscore": '"1_2345"',
    "a line break": '"123456\\n"',
    "a hundred thousand characters": '"' + "1" * 100_000 + '"',
}
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"username": "\xff\xfe"}',
    "a list": b"[]",
    "a list of objects": b"[{}]",
    "a text": b'"text"',
    "a number": b"7",
    "null": b"null",
    "deep nesting": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "ten megabytes": b'{"username": "' + b"x" * 10_000_000 + b'"}',
}
TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/json; charset=x",
)


@pytest.fixture(scope="module", params=["without a second factor", "with a second factor"])
def person(request: pytest.FixtureRequest, site: RunningSite) -> Person:
    """The sender, signed in."""
    someone = Person(site)
    return someone.enrolled() if request.param.startswith("with ") else someone.signed_up()


@pytest.mark.parametrize("path", FIELDS)
def test_values_of_the_wrong_kind_are_the_senders_fault(site: RunningSite, person: Person, path: str) -> None:
    """API-03: each field in turn holds each odd value."""
    for what, body in _odd_fields(FIELDS[path]):
        _is_refused(_post(site, path, body, person.access), path, what)


@pytest.mark.parametrize("path", FIELDS)
def test_bodies_of_the_wrong_kind_are_the_senders_fault(site: RunningSite, person: Person, path: str) -> None:
    """API-03: no JSON, no object, far too much, of another type than it says."""
    for what, body in BODIES.items():
        _is_refused(_post(site, path, body, person.access), path, what)
    for kind in TYPES:
        _is_refused(_post(site, path, b"\x00=%ff&--", person.access, {"Content-Type": kind}), path, kind)


@pytest.mark.parametrize("path", [*FIELDS, "totp/status/"])
def test_odd_bearer_tokens_and_verbs_are_the_senders_fault(site: RunningSite, path: str) -> None:
    """API-03, CHL-08: tokens that are none, and methods that the endpoint does not know."""
    for token in ("x", "a.b.c", "e30.e30.", "\u00e9", "x" * 7000, "Bearer x", ""):
        headers = {"Authorization": f"Bearer {token}"}
        _is_refused(_post(site, path, b"{}", None, headers), path, f"the token {token[:20]!r}")
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "NONSENSE"):
        answer = send(site.port, Request(method, f"/api/{path}", {}))
        assert answer.status < 500, (path, method, answer.status)


def test_codes_in_foreign_digits_are_no_codes(site: RunningSite) -> None:
    """OTP-06: the right code in full-width digits is a wrong code."""
    person = Person(site).enrolled()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in person.code())
    [challenge] = person.challenges(1)
    answer = send(site.port, person.answers([challenge], otp_code=wide)[0])
    assert answer.status == 400, answer.body
    assert send(site.port, person.answers([challenge], otp_code=person.code())[0]).status == 200


@pytest.mark.parametrize("change", ["user.is_active = False; user.save()", "user.delete()"])
def test_people_who_are_gone_are_refused_everywhere(site: RunningSite, change: str) -> None:
    """VER-13: deactivated or deleted between the steps, with tokens and challenges still in hand."""
    person = Person(site).enrolled()
    challenges = person.challenges(2)
    tokens = send(site.port, person.answers(person.challenges(1), otp_code=person.code())[0]).json
    find = f"user = get_user_model().objects.get(username={person.name!r})"
    site.manage("shell", "-v", "0", "-c", f"from django.contrib.auth import get_user_model; {find}; {change}")
    requests = [
        Request("POST", "/api/jwt/create/", person.credentials),
        *person.answers(challenges[:1], otp_code=person.code(2)),
        *person.answers(challenges[1:], backup_code=person.backup_codes[0]),
        Request("POST", "/api/jwt/refresh/", {"refresh": tokens["refresh"]}),
        Request("GET", "/api/totp/status/", token=tokens["access"]),
        *(
            Request("POST", f"/api/{path}", FIELDS[path], tokens["access"])
            for path in FIELDS
            if "totp/" in path
        ),
    ]
    for request in requests:
        answer = send(site.port, request)
        assert 400 <= answer.status < 500 or request.path.endswith("/recovery/"), (
            request.path,
            answer.status,
        )
        assert not answer.json or "access" not in answer.json


def _odd_fields(fields: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    for name in fields or {"anything": ""}:
        for what, value in VALUES.items():
            members = [
                f"{json.dumps(key)}: {json.dumps(text)}" for key, text in fields.items() if key != name
            ]
            yield f"{name}: {what}", ("{" + ", ".join([*members, f'"{name}": {value}']) + "}").encode()


def _post(
    site: RunningSite, path: str, body: bytes, token: str | None, headers: dict[str, str] | None = None
) -> Answer:
    return send(site.port, Request("POST", f"/api/{path}", body, token, headers or {}))


def _is_refused(answer: Answer, path: str, what: str) -> None:
    assert answer.status < 500, (path, what, answer.status, answer.body[:300])
    if not path.startswith("example/"):
        assert isinstance(answer.json, dict), (path, what, answer.body[:300])
