"""Only the endpoints of signing in and of tokens."""

from django.urls import path

from ..views import jwt

urlpatterns = [
    path("jwt/create/", jwt.JWTCreateView.as_view(), name="jwt-create"),
    path("jwt/totp/verify/", jwt.JWTTOTP2FAVerifyView.as_view(), name="jwt-totp-verify"),
    path("jwt/refresh/", jwt.JWTRefreshView.as_view(), name="jwt-refresh"),
    path("jwt/verify/", jwt.JWTVerifyView.as_view(), name="jwt-verify"),
]
