"""Only the endpoints of a signed-in user."""

from rest_framework.routers import DefaultRouter

from ..views.step_up import TotpStepUpViewSet
from ..views.totp import TotpViewSet
from . import devices

router = DefaultRouter()
router.register("totp", TotpViewSet, basename="totp")
router.register("totp", TotpStepUpViewSet, basename="totp-step-up")

urlpatterns = [*router.urls, *devices.urlpatterns]
