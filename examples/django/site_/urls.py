"""Twinlock's API under `/api/`; the page for a browser and signing up are the example's own."""

from django.urls import include, path

from page import views

urlpatterns = [
    path("", views.index, name="page"),
    path("assets/<path:path>", views.asset, name="asset"),
    path("api/example/sign_up/", views.SignUp.as_view(), name="example-sign-up"),
    path("api/", include("twinlock.drf.urls")),
]
