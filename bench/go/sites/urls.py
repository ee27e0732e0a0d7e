"""The measured endpoints where both packages' README mounts them."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [path("api/", include(settings.ENDPOINTS))]
