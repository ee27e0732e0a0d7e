"""API-03, CHL-08: whatever is sent, wherever: a clear 4xx, never a 500 and never a traceback."""

import json

import pytest
from rest_framework.parsers import FormParser
from rest_framework.test import APIClient

from twinlock.drf.exceptions import BODY_LIMIT, BodyTooLarge
from twinlock.drf.parsers import Bounded, JSONParser

ENDPOINTS = {
    "totp/create": (),
    "totp/confirm": ("input_code",),
    "totp/disable": ("otp_code", "backup_code"),
    "totp/rotate_backup_codes": ("otp_code", "backup_code"),
    "totp/recovery": ("email",),
    "totp/recovery_confirm": ("uid", "token", "password", "backup_code"),
    "jwt/create": ("username", "password"),
    "jwt/totp/verify": ("totp_challenge_token", "otp_code", "backup_code", "trust_device", "device_name"),
    "jwt/totp/send": ("totp_challenge_token",),
    "totp/devices": ("otp_code", "backup_code", "name", "kind", "algorithm", "digits", "period"),
    "totp/method": ("method", "otp_code", "backup_code"),
    "jwt/refresh": ("refresh",),
    "jwt/verify": ("token",),
}
DEVICES = ("totp/devices/x", "totp/devices/x/resync", "totp/trusted_devices", "totp/trusted_devices/x")
VALUES = {
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "a float": 123456.0,
    "a huge float": 1e308,
    "a huge number": 10**4000,
    "empty": "",
    "a list": ["123456"],
    "a dict": {"a": "b"},
    "NUL": "123\x00456",
    "a lone surrogate": "\ud800",
    "a reversed surrogate pair": "\udc00\ud800",
    "full-width digits": "\uff11\uff12\uff13\uff14\uff15\uff16",
    "arabic digits": "٠١٢٣٤٥",
    "a superscript": "²²²²²²",
    "signs": "+12345",
    "underscores": "1_2_3_",
    "newline": "123456\n",
    "not ASCII": "é" * 12,
    "emoji": "🔑" * 6,
    "a line separator": "\u2028" * 6,
    "right-to-left": "\u202e654321",
    "long": "1" * 30_000,
    "an alg none token": "eyJhbGciOiJub25lIn0.e30.",
    "dots": "." * 20,
    "percent": "%00%ff",
}


def assert_clear(response, *, allowed=()):
    assert 400 <= response.status_code < 500 or response.status_code in allowed, response.content[:300]
    if response.content:
        assert isinstance(response.json(), dict)
        assert b"Traceback" not in response.content


@pytest.fixture
def right_values(enrolled):
    """A value of the right shape for every field, so that an endpoint sees one bad value at a time."""
    return {
        "input_code": "123456",
        "otp_code": "123456",
        "backup_code": "AAAA-AAAA-AAAA-AAAA",
        "email": "a@example.com",
        "uid": "MQ",
        "token": "x",
        "password": "x",
        "username": "alice",
        "totp_challenge_token": enrolled.challenge(),
        "refresh": "x",
        "trust_device": True,
        "device_name": "x",
        "name": "x",
        "kind": "totp",
        "algorithm": "SHA1",
        "digits": 6,
        "period": 30,
        "method": "otp",
    }


def bodies(path, value, right):
    fields = ENDPOINTS[path]
    yield dict.fromkeys(fields, value)
    for field in fields:
        others = {name: right[name] for name in fields if name != field}
        yield {**others, field: value}
        if {"otp_code", "backup_code"} <= set(fields) and field in ("otp_code", "backup_code"):
            other = "backup_code" if field == "otp_code" else "otp_code"
            yield {name: text for name, text in {**others, field: value}.items() if name != other}


@pytest.mark.parametrize("path", ENDPOINTS)
def test_no_value_of_any_field_is_a_500(enrolled, right_values, settings, path):
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": {"failures_before_lock": 20, "failures_per_day": 100}}
    for value in VALUES.values():
        for body in bodies(path, value, right_values):
            text = json.dumps(body)
            response = enrolled.http.post(f"/api/{path}/", text, content_type="application/json")
            assert_clear(response, allowed=(200,) if path == "totp/recovery" else ())


@pytest.mark.parametrize("path", ENDPOINTS)
def test_no_body_is_a_500(enrolled, path):
    texts = [
        *(
            "null",
            "1",
            '"x"',
            "[]",
            "[[]]",
            "true",
            "1e999",
            "NaN",
            "Infinity",
            "",
            " ",
            "{",
            '{"a"',
            "\x00",
            '{"a":1}x',
        ),
        "[" * 30_000,
        '{"a":' * 10_000,
        "[" * 900 + "]" * 900,
        '{"otp_code":' + "[" * 900 + "]" * 900 + "}",
        '{"otp_code":' + "9" * 5000 + "}",
        '{"\\ud800": "\\ud800"}',
    ]
    for text in texts:
        response = enrolled.http.post(f"/api/{path}/", text, content_type="application/json")
        assert_clear(response)
    for raw in (b"\xff\xfe", b"\xef\xbb\xbf{}", b'{"otp_code": "\xff"}', b"\x80" * 100):
        assert_clear(enrolled.http.post(f"/api/{path}/", raw, content_type="application/json"))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-16",
        "application/json; charset=utf-7",
        "application/json; charset=idna",
        "application/json; charset=undefined",
        "application/json; charset=bz2",
        "application/json; charset=zlib",
        "application/json; charset=no-such",
        "application/json; charset=\xff",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=idna",
        "application/x-www-form-urlencoded; charset=punycode",
        "application/x-www-form-urlencoded; charset=unicode_escape",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\xff",
        "text/plain",
        "application/xml",
        "nonsense",
        "",
        "/",
        ";",
    ],
)
def test_no_content_type_is_a_500(enrolled, content_type):
    raws = (
        b'{"otp_code": "123456"}',
        b"otp_code=%ff%00&totp_challenge_token=%ed%a0%80",
        b"a=1&" * 2000,
        b"\xff" * 50,
        b'--x\r\nContent-Disposition: form-data; name="otp_code"; filename="f"\r\n\r\n\x00\xff\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="otp_code"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        b"--x\r\n",
        b"",
    )
    for path in ENDPOINTS:
        for raw in raws:
            response = enrolled.http.generic("POST", f"/api/{path}/", raw, content_type=content_type)
            assert_clear(response)


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
def test_ten_megabytes_are_too_large(enrolled, path, content_type):
    response = enrolled.http.generic("POST", f"/api/{path}/", b"1" * 10_000_000, content_type=content_type)
    assert response.status_code == 413
    assert response.json()["code"] == "body_too_large"


def test_what_is_read_is_bounded_whatever_length_is_declared(enrolled):
    """A server that hands chunked bodies through declares no length, or a wrong one."""

    class Endless:
        given = 0

        def read(self, size=-1):
            assert 0 <= size <= BODY_LIMIT + 1
            self.given += size
            return b"1" * size

    for parser in (JSONParser(), Bounded(FormParser())):
        with pytest.raises(BodyTooLarge):
            parser.parse(Endless(), "application/json", {})


def test_a_client_that_goes_away_in_the_middle_of_its_body_is_no_500(enrolled, monkeypatch):
    from django.core.handlers.wsgi import WSGIRequest
    from django.http import UnreadablePostError

    def gone(self, *args):
        raise UnreadablePostError("the client went away")

    monkeypatch.setattr(WSGIRequest, "read", gone)
    for path in ENDPOINTS:
        assert_clear(enrolled.post(path), allowed=(201,))


@pytest.mark.parametrize("length", ["x", "-5", "1.5", "9" * 30])
def test_a_malformed_content_length_is_no_500(enrolled, length):
    for path in ENDPOINTS:
        response = enrolled.http.post(f"/api/{path}/", {}, format="json", CONTENT_LENGTH=length)
        assert_clear(response)


@pytest.mark.parametrize("what", ["deactivated", "deleted"])
def test_no_endpoint_fails_for_a_user_who_is_gone(enrolled, what):
    tokens, challenge = enrolled.sign_in(), enrolled.challenge()
    if what == "deleted":
        enrolled.user.delete()
    else:
        enrolled.user.is_active = False
        enrolled.user.save()
    values = {
        "input_code": "123456",
        "otp_code": enrolled.code(),
        "token": tokens["access"],
        **enrolled.credentials,
    }
    values |= {
        "totp_challenge_token": challenge,
        "refresh": tokens["refresh"],
        "uid": "MQ",
        "email": "alice@example.com",
    }
    for path, fields in ENDPOINTS.items():
        response = enrolled.post(path, {field: values[field] for field in fields if field in values})
        assert_clear(response, allowed=(200,) if path == "totp/recovery" else ())
    assert_clear(enrolled.get("totp/status"))


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "bearer x",
        "Bearer \xff\xfe",
        "Bearer é.é.é",
        "Bearer " + "x" * 60_000,
        "\xff",
        "Bearer \x00",
    ],
)
@pytest.mark.parametrize("path", ["totp/create", "totp/confirm", "totp/disable", "totp/rotate_backup_codes"])
def test_no_authorization_header_is_a_500(db, unthrottled, header, path):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    response = client.post(f"/api/{path}/", {}, format="json")
    assert response.status_code == 401
    assert {"detail", "code"} <= set(response.json())


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json; indent=4", "image/png", "nonsense", "\xff", ""]
)
def test_no_verb_and_no_accept_header_is_a_500(enrolled, accept):
    for verb in ("POST", "GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"):
        for path in (*ENDPOINTS, *DEVICES, "totp/status"):
            response = enrolled.http.generic(
                verb, f"/api/{path}/", b"{}", "application/json", HTTP_ACCEPT=accept
            )
            assert response.status_code < 500
