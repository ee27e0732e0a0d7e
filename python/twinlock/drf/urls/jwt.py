"""Only the endpoints of signing in and of tokens."""

from django.urls import path

from ..views import sign_in, tokens

urlpatterns = [
    path("jwt/create/", sign_in.JWTCreateView.as_view(), name="jwt-create"),
    path("jwt/totp/verify/", sign_in.JWTTOTP2FAVerifyView.as_view(), name="jwt-totp-verify"),
    path("jwt/refresh/", tokens.JWTRefreshView.as_view(), name="jwt-refresh"),
    path("jwt/verify/", tokens.JWTVerifyView.as_view(), name="jwt-verify"),
]
