"""Where nobody is signed in, DRF is told so, as it would have found."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from rest_framework.settings import api_settings
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from twinlock.drf.views.public import PublicView


class Plain(APIView):
    authentication_classes = ()


def seen(kind, request):
    view = kind()
    found = view.initialize_request(request)
    view.perform_authentication(found)
    state = {name: vars(found)[name] for name in ("_user", "_auth")}
    return {**state, "django": request.user, "by": found.successful_authenticator}


@pytest.mark.parametrize("nobody", [AnonymousUser, None, object])
@pytest.mark.parametrize("nothing", [None, lambda: "none"])
def test_nobody_is_signed_in_as_drf_has_it(monkeypatch, nobody, nothing):
    kept = object()
    monkeypatch.setattr(api_settings, "UNAUTHENTICATED_USER", nobody and (lambda: kept))
    monkeypatch.setattr(api_settings, "UNAUTHENTICATED_TOKEN", nothing)
    ours, theirs = (seen(kind, RequestFactory().post("/")) for kind in (PublicView, Plain))
    assert ours == theirs
    assert ours["_user"] is (kept if nobody else None)


def test_a_test_may_name_somebody():
    request, user = APIRequestFactory().post("/"), AnonymousUser()
    force_authenticate(request, user)
    assert seen(PublicView, request)["_user"] is user
