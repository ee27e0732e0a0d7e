"""API-01: with a second factor, no route that takes a name and a password gives anything for them alone."""

import pytest
from django.contrib.auth import SESSION_KEY
from rest_framework.test import APIClient
from test_required import concrete

from twinlock.django import services
from twinlock.django.routes import found_routes
from twinlock.errors import Refused


def tokens_in(value):
    """Every text in an answer that opens an API."""
    if isinstance(value, dict):
        return [token for item in value.values() for token in tokens_in(item)]
    if isinstance(value, list):
        return [token for item in value for token in tokens_in(item)]
    try:
        services.verify(value)
    except Refused:
        return []
    return [value]


def signs_in(path, credentials):
    """Whether a name and a password bring tokens or a session there."""
    client = APIClient(raise_request_exception=False)  # the reference site has templates of its own
    found = [client.post(path, credentials, format=format) for format in ("json", "multipart")]
    found.append(client.get(path))
    client.credentials(HTTP_AUTHORIZATION="Basic " + basic(credentials))
    found.append(client.get(path))
    bodies = [answer.json() for answer in found if answer.headers.get("Content-Type") == "application/json"]
    return bool(tokens_in(bodies)) or SESSION_KEY in client.session


def basic(credentials):
    """RFC 7617."""
    from base64 import b64encode

    return b64encode(":".join(credentials.values()).encode()).decode()


@pytest.mark.parametrize("urls", ["drf_urls", "guarded_urls", "site_.urls"])
def test_no_route_signs_in_by_the_password_alone(enrolled, settings, urls):
    """API-01, in the tests' projects and the reference site."""
    settings.ROOT_URLCONF = urls
    paths = {concrete(route.path) for route in found_routes()}
    assert "/api/jwt/create/" in paths
    assert [path for path in sorted(paths) if signs_in(path, enrolled.credentials)] == []


def test_the_same_search_finds_a_route_that_does(alice, enrolled, person):
    """A user without a second factor signs in where the others are refused, so the search can see it."""
    bob = person("bob")
    assert signs_in("/api/jwt/create/", bob.credentials)
    assert not signs_in("/api/jwt/create/", enrolled.credentials)
