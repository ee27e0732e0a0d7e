"""VER-04: with ATOMIC_REQUESTS every endpoint works, and none runs in the transaction around a request."""

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.urls import get_resolver

from twinlock.drf import urls

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(autouse=True)
def _atomic_requests(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)


def endpoints():
    """The path and the view of every endpoint; the list of them, which DRF makes, is none."""
    for path, pattern in get_resolver(urls.__name__).reverse_dict.lists():
        if isinstance(path, str) and path != "api-root":
            for possibilities, *_ in pattern:
                for text, names in possibilities:
                    yield text % dict.fromkeys(names, "x")


PATHS = sorted({path for path in endpoints() if "%" not in path and not path.endswith(".x")})


def test_the_sweep_finds_the_endpoints():
    assert len(PATHS) > 20, PATHS
    assert {"jwt/create/", "totp/status/", "jwt/sessions/x/"} <= set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_no_view_is_put_into_a_transaction(path):
    view = resolved(path)
    assert BaseHandler().make_view_atomic(view) is view


def resolved(path):
    return get_resolver("drf_urls").resolve(f"/api/{path}").func


@pytest.mark.django_db(transaction=True)
def test_no_endpoint_fails(enrolled):
    for path in PATHS:
        for method in METHODS:
            response = getattr(enrolled.http, method)(f"/api/{path}", {}, format="json")
            assert response.status_code < 500, (method, path, response.content)
        enrolled.sign_in()


@pytest.mark.django_db(transaction=True)
def test_a_whole_life(enrolled):
    tokens = enrolled.sign_in()
    tokens = enrolled.post("jwt/refresh", {"refresh": tokens["refresh"]}).json()
    enrolled.bearer(tokens["access"])
    enrolled.add_device(name="tablet")
    assert len(enrolled.devices()) == 2
    assert enrolled.get("jwt/sessions").json()["sessions"]
    rotated = enrolled.post("totp/rotate_backup_codes", {"otp_code": enrolled.code()})
    assert rotated.status_code == 200, rotated.content
    [first, *_] = rotated.json()["backup_codes"]
    assert enrolled.post("totp/disable", {"backup_code": first}).status_code == 204
    assert enrolled.sign_in_by_password()["is_totp_enabled"] is False
