"""What is kept of a request: an address by the rule of trusted proxies, a label that cannot forge a line."""

import pytest
from django.conf import settings as django_settings
from django.test import RequestFactory, override_settings

from twinlock.django import client

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1"


def request(agent="", remote="192.0.2.7", forwarded=None):
    headers = {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": remote}
    return RequestFactory().get("/", **headers, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))


@pytest.mark.parametrize(
    ("agent", "device", "label"),
    [
        (FIREFOX, "", "Firefox on Linux"),
        (CHROME, "", "Chrome on Android"),
        (EDGE, "", "Edge on Windows"),
        (SAFARI, "Ann's phone", "Ann's phone (Safari on iPhone)"),
        ("okhttp/4.12.0 something", "", "okhttp/4.12.0"),
        ("", "Ann's phone", "Ann's phone"),
        ("", "", ""),
    ],
)
def test_a_label_says_in_few_words_what_it_was(agent, device, label):
    assert client.label(request(agent), device) == label


def test_log_03_a_label_is_one_short_printable_line():
    """LOG-03: no line feed, no escape sequence, no mark that turns the direction of writing."""
    text = client.label(request("evil\x1b[31m/1"), "a\r\nb\tc\x00d\u202ee\u2028f " + "x" * 500)
    assert text.startswith("a b cde f x")
    assert text.isprintable()
    assert len(text) <= client.LABEL_MAX
    assert text.endswith("(evil[31m/1)"), "a long name does not push out what the request says"
    assert client.label(None) == ""


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "found"),
    [
        ("192.0.2.7", "203.0.113.9", 0, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("192.0.2.7", "198.51.100.1, 203.0.113.9", 2, "198.51.100.1"),
        ("192.0.2.7", "203.0.113.9", 2, "192.0.2.7"),
        ("192.0.2.7", "no address", 1, "192.0.2.7"),
        ("2001:db8::1", None, 0, "2001:db8::1"),
        ("::ffff:192.0.2.7", None, 0, "192.0.2.7"),
        ("fe80::1%eth0", None, 0, "fe80::1"),
        ("", None, 0, "None"),
    ],
)
def test_thr_02_an_address_is_believed_of_trusted_proxies_alone(remote, forwarded, proxies, found):
    """THR-02."""
    with override_settings(TWINLOCK={**django_settings.TWINLOCK, "TRUSTED_PROXIES": proxies}):
        assert str(client.address(request(remote=remote, forwarded=forwarded))) == found
