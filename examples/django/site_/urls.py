"""Twinlock's API under `/api/`, its pages for sessions, and the admin; the rest is the example's own."""

from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import include, path

from page import views

urlpatterns = [
    path("", views.index, name="page"),
    path("assets/<path:path>", views.asset, name="asset"),
    path("api/example/sign_up/", views.SignUp.as_view(), name="example-sign-up"),
    path("api/", include("twinlock.drf.urls")),
    path("account/security/", include("twinlock.django.pages.urls")),
    path("admin/", admin.site.urls),
    # A real site leaves files to its web server.
    path("static/<path:path>", serve, {"insecure": True}),
]
