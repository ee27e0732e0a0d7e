"""The page, its two assets, and signing up. Everything about the second factor is Twinlock's API."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.static import serve
from rest_framework import permissions, serializers, status, views
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.drf.throttle import AddressThrottle

User = get_user_model()


def index(request: HttpRequest) -> HttpResponse:
    """The one page; its script does the rest."""
    return render(request, "page/index.html")


def asset(request: HttpRequest, path: str) -> HttpResponseBase:
    """Style and script. A real site leaves files to its web server."""
    response: FileResponse = serve(request, path, document_root=Path(__file__).parent / "static")
    return response


class NewUser(serializers.Serializer):
    """What signing up takes."""

    username = serializers.CharField(max_length=150, validators=[User.username_validator])
    email = serializers.EmailField(required=False, allow_blank=True, default="")
    password = serializers.CharField(max_length=128, trim_whitespace=False)

    def validate_password(self, password: str) -> str:
        """Django's rules for passwords."""
        try:
            validate_password(password)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return password


class SignUp(views.APIView):
    """POST `username`, `password`, `email` → 201. The example's own: Twinlock starts where a user exists."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    throttle_classes = (AddressThrottle,)
    throttle_group = "sign_up"

    def post(self, request: Request) -> Response:
        """Makes the account."""
        new = NewUser(data=request.data)
        new.is_valid(raise_exception=True)
        try:
            with transaction.atomic():
                user = User.objects.create_user(**new.validated_data)
        except IntegrityError:
            taken = {"username": ["A user with that username already exists."]}
            return Response(taken, status=status.HTTP_400_BAD_REQUEST)
        return Response({"username": user.get_username()}, status=status.HTTP_201_CREATED)
