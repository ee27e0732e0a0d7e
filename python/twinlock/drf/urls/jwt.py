"""Only the endpoints of signing in, of tokens and of sessions."""

from django.urls import path

from ..views import sessions, sign_in, tokens

urlpatterns = [
    path("jwt/create/", sign_in.JWTCreateView.as_view(), name="jwt-create"),
    path("jwt/totp/verify/", sign_in.JWTTOTP2FAVerifyView.as_view(), name="jwt-totp-verify"),
    path("jwt/totp/send/", sign_in.JWTTOTPSendView.as_view(), name="jwt-totp-send"),
    path("jwt/refresh/", tokens.JWTRefreshView.as_view(), name="jwt-refresh"),
    path("jwt/refresh_sliding/", tokens.JWTSlidingRefreshView.as_view(), name="jwt-refresh-sliding"),
    path("jwt/verify/", tokens.JWTVerifyView.as_view(), name="jwt-verify"),
    path("jwt/jwks/", tokens.JWKSView.as_view(), name="jwt-jwks"),
    path("jwt/logout/", sessions.JWTLogoutView.as_view(), name="jwt-logout"),
    path("jwt/logout_all/", sessions.JWTLogoutAllView.as_view(), name="jwt-logout-all"),
    path("jwt/sessions/", sessions.JWTSessionsView.as_view(), name="jwt-sessions"),
    path("jwt/sessions/<str:session_id>/", sessions.JWTSessionView.as_view(), name="jwt-session"),
]
