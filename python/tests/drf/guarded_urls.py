"""The API, and views of a host's own of every kind that ask for a fresh second factor or for one at all."""

from django.http import JsonResponse
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View
from rest_framework.decorators import api_view, permission_classes
from rest_framework.response import Response
from rest_framework.views import APIView

from twinlock.django import decorators
from twinlock.drf.permissions import SecondFactorEnforced, fresh_second_factor, second_factor_required


def is_alice(user):
    """Whom a project's own policy is about."""
    return user.get_username() == "alice"


PAYOUT = {"purpose": "payout", "max_age": 300}


class ByPermission(APIView):
    permission_classes = (fresh_second_factor(**PAYOUT),)

    def get(self, request):
        return Response({"name": request.user.get_username()})


@second_factor_required(**PAYOUT)
class Decorated(APIView):
    def get(self, request):
        return Response({"name": request.user.get_username()})


@api_view(["GET"])
@second_factor_required(**PAYOUT)
def of_drf(request):
    return Response({"name": request.user.get_username()})


@second_factor_required(**PAYOUT)
def of_django(request):
    return JsonResponse({"name": request.user.get_username()})


@decorators.second_factor_required(**PAYOUT)
async def of_asgi(request):
    user = await request.auser()
    return JsonResponse({"name": user.get_username()})


@method_decorator(second_factor_required(**PAYOUT), name="get")
class OfDjango(View):
    def get(self, request):
        return JsonResponse({"name": request.evidence.user.get_username()})


@second_factor_required
def general(request):
    return JsonResponse({})


@api_view(["GET"])
@permission_classes([SecondFactorEnforced])
def enforced(request):
    return Response({"name": request.user.get_username()})


GUARDED = {
    "permission": ByPermission.as_view(),
    "class": Decorated.as_view(),
    "drf": of_drf,
    "django": of_django,
    "asgi": of_asgi,
    "method": OfDjango.as_view(),
}
urlpatterns = [
    path("api/", include("twinlock.drf.urls")),
    *(path(f"guarded/{name}/", view) for name, view in GUARDED.items()),
    path("general/", general),
    path("enforced/", enforced),
]
