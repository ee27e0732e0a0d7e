"""django-totp's endpoints where its README mounts them."""

from django.urls import include, path

urlpatterns = [path("api/", include("django_totp.urls.jwt"))]
