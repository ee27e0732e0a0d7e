from __future__ import annotations
from typing import Any
PATH, CODE = "/api/x/", "code"
SETTINGS = {"INSTALLED_APPS": []}
def routes():
    from django.urls import path
    from rest_framework.views import APIView
    from rest_framework.response import Response
    class V(APIView):
        authentication_classes = ()
        permission_classes = ()
        def post(self, request):
            d = request.data
            return Response({"access": "x"*300, "refresh": "y"*400})
    return [path("api/x/", V.as_view())]
def prepare(users):
    return [("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", {"totp_challenge_token": "z"*300}) for u in users]
