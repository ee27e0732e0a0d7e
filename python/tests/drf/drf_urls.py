"""The API where django-totp's README mounts it, and a view of a host's own."""

from django.urls import include, path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response


@api_view(["GET"])
@permission_classes([IsAuthenticated])
def me(request):
    return Response({"name": request.user.get_username(), "claims": request.auth})


urlpatterns = [path("api/", include("twinlock.drf.urls")), path("me/", me)]
