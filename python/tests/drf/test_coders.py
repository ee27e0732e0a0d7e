"""JSON is read and written as REST framework does it: it judges each case here."""

import datetime
import decimal
import io
import uuid

import pytest
from django.utils.translation import gettext_lazy
from rest_framework import parsers, renderers

from twinlock.drf import coders

BODIES = (
    b'{"code": "123456"}',
    b' \n[1, 2.5, null, true, "\\u00e9\\ud83d\\ude00"]\t',
    '"Zürich"'.encode(),
    b"NaN",
    b'{"a": Infinity}',
    b"",
    b"{",
    b'{"a": 1} b',
    b"\xff",
    b"\xef\xbb\xbf{}",
    b'{"a": "\x01"}',
    b'{"a": 1, "a": 2}',
    b"1" * 5000,
)
DOCUMENTS = (
    {"access": "a.b.c", "n": 1, "none": None, "yes": True},
    {"text": 'Zürich "x" \\ \u2028\u2029 \x00'},
    {"lazy": gettext_lazy("Disable")},
    {"when": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc), "id": uuid.UUID(int=7)},
    {"number": decimal.Decimal("1.10"), "bytes": b"text"},
    [],
    None,
    {"not a number": float("nan")},
    {"none of these": object()},
)
CHARSETS = ("utf-8", "utf-16", "latin-1", "utf-8-sig")


def came_of(call):
    """What a call returns, or what it raises."""
    try:
        return call()
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_reads_as_with_rest_frameworks_parser(monkeypatch, body, charset, strict):
    monkeypatch.setattr(parsers.JSONParser, "strict", strict)
    judge = parsers.JSONParser()
    context = {"encoding": charset}
    theirs = came_of(lambda: judge.parse(io.BytesIO(body), None, context))
    assert repr(came_of(lambda: coders.parsed(judge, body, None, context))) == repr(theirs)


@pytest.mark.parametrize("asked", ["application/json", "application/json; indent=4", None])
@pytest.mark.parametrize("context", [{}, {"indent": 2}], ids=["plain", "indented"])
@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
@pytest.mark.parametrize(
    "changed", [{}, {"ensure_ascii": True}, {"compact": False}, {"strict": False}], ids=str
)
def test_a_document_is_written_as_by_rest_frameworks_renderer(monkeypatch, document, context, asked, changed):
    for name, value in changed.items():
        monkeypatch.setattr(renderers.JSONRenderer, name, value)
    judge = renderers.JSONRenderer()
    theirs = came_of(lambda: judge.render(document, asked, context))
    ours = came_of(lambda: coders.kept(judge).render(document, asked, context))
    assert ours == theirs


def test_a_projects_own_parser_and_renderer_stay_what_they_are():
    class OwnParser(parsers.JSONParser):
        def parse(self, *_):
            return "its own"

    class OwnRenderer(renderers.JSONRenderer):
        pass

    own, page = OwnRenderer(), renderers.BrowsableAPIRenderer()
    assert coders.kept(own) is own
    assert coders.kept(page) is page
    assert coders.parsed(OwnParser(), b"{}", None, {"encoding": "utf-8"}) == "its own"


@pytest.mark.parametrize("body", [b'{"a": 1}', b"NaN"], ids=["right", "wrong"])
def test_the_quick_way_is_taken_for_what_is_right_alone(monkeypatch, body):
    """Else nothing above would compare the two."""
    asked = []
    monkeypatch.setattr(parsers.JSONParser, "parse", lambda *_: asked.append(body))
    coders.parsed(parsers.JSONParser(), body, None, {"encoding": "utf-8"})
    assert asked == ([] if body == b'{"a": 1}' else [body])
