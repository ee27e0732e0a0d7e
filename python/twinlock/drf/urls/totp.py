"""Only the endpoints of a signed-in user."""

from rest_framework.routers import DefaultRouter

from ..views.totp import TotpViewSet
from . import devices

router = DefaultRouter()
router.register("totp", TotpViewSet, basename="totp")

urlpatterns = [*router.urls, *devices.urlpatterns]
