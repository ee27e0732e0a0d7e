"""The quick negotiation finds what DRF's own finds; a project's own is asked for everything."""

import itertools

import pytest
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions, parsers, renderers
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.request import Request

from twinlock.drf.negotiation import Negotiation
from twinlock.drf.views.sign_in import JWTTOTP2FAVerifyView


class Versioned(renderers.JSONRenderer):
    media_type = "application/json; version=2"


class Anything(parsers.FileUploadParser):
    media_type = "*/*"


RENDERERS = (renderers.JSONRenderer, renderers.BrowsableAPIRenderer, Versioned)
ACCEPTED = (
    None,
    "*/*",
    "",
    "*/*; q=0.5",
    "application/json",
    "application/json; indent=4",
    "text/html",
    "text/*",
    "image/png",
    "x",
)
PARSERS = (parsers.JSONParser, parsers.FormParser, parsers.MultiPartParser, Anything)
SENT = ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "text/plain", "", "*/*")
SENT += ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "a/" + "b" * 300)


def asked(accepted=None, query="", sent="application/json"):
    headers = {} if accepted is None else {"HTTP_ACCEPT": accepted}
    return Request(RequestFactory().generic("POST", f"/{query}", b"{}", sent, **headers))


def outcome(find, *given):
    try:
        return find(*given)
    except (exceptions.NotAcceptable, Http404) as refusal:
        return type(refusal)


@pytest.mark.parametrize("kinds", list(itertools.permutations(RENDERERS, 2)))
def test_the_same_renderer_is_found(kinds):
    made = [kind() for kind in kinds]
    for accepted, query, suffix in itertools.product(ACCEPTED, ("", "?format=api", "?a=1"), (None, "json")):
        found, right = (
            outcome(kind().select_renderer, asked(accepted, query), made, suffix)
            for kind in (Negotiation, DefaultContentNegotiation)
        )
        assert found == right, (accepted, query, suffix)


@pytest.mark.parametrize("kinds", [*itertools.permutations(PARSERS, 2), ()])
def test_the_same_parser_is_found(kinds):
    made = [kind() for kind in kinds]
    for sent in SENT:
        found, right = (
            kind().select_parser(asked(sent=sent), made) for kind in (Negotiation, DefaultContentNegotiation)
        )
        assert found is right, sent


class Own(BaseContentNegotiation):
    def select_parser(self, request, parsers):
        return parsers[-1]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[-1], "text/plain"


@pytest.mark.parametrize("kind", [Own, type("Like", (DefaultContentNegotiation,), {})])
def test_a_projects_own_negotiation_is_kept(monkeypatch, kind):
    monkeypatch.setattr(JWTTOTP2FAVerifyView, "content_negotiation_class", kind)
    assert type(JWTTOTP2FAVerifyView().get_content_negotiator()) is kind


def test_a_second_factor_endpoint_negotiates_quickly():
    assert type(JWTTOTP2FAVerifyView().get_content_negotiator()) is Negotiation
