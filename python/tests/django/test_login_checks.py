"""API-01: `manage.py check` finds routes by which a password alone signs in, and names that lead nowhere."""

import sys
from types import ModuleType

import pytest
from django.conf import settings as django_settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.contrib.contenttypes.models import ContentType
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path
from rest_framework.authentication import BasicAuthentication
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.views import APIView
from rest_framework_simplejwt.views import TokenObtainPairView, TokenObtainSlidingView

from twinlock.django import enforcement
from twinlock.django.checks import enforcement as enforcement_checks
from twinlock.django.pages.views.sign_in import TwinlockPasswordResetConfirmView

MIDDLEWARE = "twinlock.django.middleware.SecondFactorMiddleware"
IDS = ("twinlock.W01", "twinlock.E005")


@pytest.fixture(autouse=True)
def _undeclared(monkeypatch):
    """What the views of other tests ask for is nothing to these."""
    monkeypatch.setattr(enforcement, "declared", set())


@pytest.fixture
def found(monkeypatch):
    """The warnings about routes of a URLconf with these patterns, as a dict of id to text."""

    def check(*patterns, middleware=(), **changes):
        module = ModuleType("routed_for_a_test")
        module.urlpatterns = list(patterns)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        twinlock = {**django_settings.TWINLOCK, **changes}
        with override_settings(ROOT_URLCONF=module.__name__, TWINLOCK=twinlock, MIDDLEWARE=middleware):
            messages = [message for message in run_checks() if message.id.startswith(IDS)]
        assert all(message.hint for message in messages)
        return {message.id: message.msg for message in messages}

    return check


class Ours(TokenObtainPairView):
    """A project's own subclass."""


class Asking(TokenObtainPairView):
    """One that asks for the second factor."""

    asks_for_second_factor = True


class Basic(APIView):
    """A view that takes a password with each request."""

    authentication_classes = (BasicAuthentication,)


class AskingSite(AdminSite):
    """An admin site that asks for the second factor."""

    asks_for_second_factor = True


class TokenView:
    """Named as django-oauth-toolkit names its token endpoint."""

    __module__, __qualname__ = "oauth2_provider.views.base", "TokenView"


def token(request):
    return HttpResponse()


token.view_class = TokenView


@pytest.mark.parametrize("view", [TokenObtainPairView, TokenObtainSlidingView, ObtainAuthToken, Ours])
def test_w010_a_view_that_gives_tokens_for_a_password(found, view):
    routed = path("v1/", include([path("token/", view.as_view())]))
    assert found(routed)["twinlock.W010"].startswith("v1/token/ gives tokens for a password")


def test_w011_a_view_that_begins_a_session_for_a_password(found):
    assert "sign-in/" in found(path("sign-in/", LoginView.as_view()))["twinlock.W011"]
    assert "browse/login/" in found(path("browse/", include("rest_framework.urls")))["twinlock.W011"]


def test_w012_an_admin_site_that_does_not_ask(found):
    assert "admin/login/" in found(path("admin/", AdminSite().urls))["twinlock.W012"]
    assert found(path("admin/", AskingSite().urls)) == {}


def test_w013_a_password_with_each_request(found):
    assert "basic/ takes a password" in found(path("basic/", Basic.as_view()))["twinlock.W013"]


def test_w014_the_password_grant(found):
    assert "password grant" in found(path("o/token/", token))["twinlock.W014"]


class ResetOfOurs(PasswordResetConfirmView):
    """A project's own subclass, which says it in its body."""

    post_reset_login = True


@pytest.mark.parametrize(
    "view",
    [PasswordResetConfirmView.as_view(post_reset_login=True), ResetOfOurs.as_view()],
    ids=["by as_view", "by a subclass"],
)
def test_w016_a_password_reset_that_logs_in_by_itself(found, view):
    """API-02"""
    routed = path("accounts/", include([path("reset/<uidb64>/<token>/", view)]))
    message = found(routed)["twinlock.W016"]
    assert message.startswith("accounts/reset/<uidb64>/<token>/ begins a session after a password reset")
    assert found(routed, middleware=[MIDDLEWARE]) == {}, "what follows is asked"


@pytest.mark.parametrize(
    "view",
    [
        PasswordResetConfirmView.as_view(),
        ResetOfOurs.as_view(post_reset_login=False),
        TwinlockPasswordResetConfirmView.as_view(post_reset_login=True),
    ],
    ids=["without a login", "turned off", "ours"],
)
def test_a_password_reset_that_ends_at_the_sign_in_is_not_named(found, view):
    """API-02"""
    assert found(path("reset/<uidb64>/<token>/", view)) == {}


def test_what_asks_and_what_is_no_login_is_not_named(found):
    assert found(path("a/", Asking.as_view()), path("b/", lambda request: HttpResponse())) == {}


def test_many_routes_are_one_warning(found):
    message = found(*(path(f"{number}/", Ours.as_view()) for number in range(7)))["twinlock.W010"]
    assert "4/ and 2 more" in message
    assert "5/" not in message


def test_a_broken_urlconf_is_djangos_to_tell():
    with override_settings(ROOT_URLCONF="there.is.no.such.module"):
        assert [m for m in run_checks(tags=["security"]) if m.id and m.id.startswith(IDS)] == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"REQUIRED": "nowhere.at_all"}, "nowhere.at_all"),
        ({"EVIDENCE": ["twinlock.django.evidence.nothing"]}, "evidence.nothing"),
    ],
)
def test_e005_a_callable_that_is_not_there(found, changes, named):
    assert named in found(**changes)["twinlock.E005"]


def test_e005_groups_of_a_user_model_that_has_none(found, monkeypatch):
    monkeypatch.setattr(enforcement_checks, "get_user_model", lambda: ContentType)
    assert "groups" in found(REQUIRED=["editors"])["twinlock.E005"]


def test_e005_a_purpose_that_nobody_can_step_up_for(found, monkeypatch):
    monkeypatch.setattr(enforcement, "declared", {"general", "disable", "payout"})
    assert "'payout'" in found()["twinlock.E005"]
    assert found(STEP_UP_PURPOSES=["payout"]) == {}
