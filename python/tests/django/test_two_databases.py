"""Tokens where users and second factors are in different databases: the same verdicts from two looks."""

import pytest
from people import make_user

from twinlock.django import services
from twinlock.django.services import verification
from twinlock.errors import Refused


@pytest.fixture
def apart(monkeypatch):
    """As if no query could join the two."""
    monkeypatch.setattr(verification, "database", lambda: "elsewhere")


def test_an_access_token_counts_and_stops_to_count(apart, db):
    user = make_user()
    tokens = services.mint(user, services.begin_sign_in(user).proof)
    assert services.verify_access(tokens.access)[0] == user
    services.logout(tokens.refresh)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "session_ended"):
        services.verify_access(tokens.access)


def test_the_epoch_ends_it(apart, db):
    user = make_user()
    tokens = services.mint(user, services.begin_sign_in(user).proof)
    services.bump_epoch(user)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "token_invalid"):
        services.verify_access(tokens.access)
