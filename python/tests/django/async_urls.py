"""Async views of a host that sign in through the services."""

from django.contrib.auth import get_user_model
from django.http import JsonResponse
from django.urls import include, path

from twinlock.django import aservices
from twinlock.errors import Refused


async def first(request):
    user = await get_user_model().objects.aget(username=request.POST["username"])
    found = await aservices.abegin_sign_in(user, request=request)
    return JsonResponse({"challenge": found.challenge})


async def second(request):
    try:
        found = await aservices.afinish_sign_in(
            request.POST["challenge"], otp=request.POST["code"], request=request
        )
    except Refused as refused:
        return JsonResponse({"code": refused.code}, status=400)
    tokens = await aservices.amint(*found, request=request)
    user, _ = await aservices.averify_access(tokens.access)
    return JsonResponse({"user": user.username, "refresh": tokens.refresh})


urlpatterns = [path("first/", first), path("second/", second), path("api/", include("twinlock.drf.urls"))]
