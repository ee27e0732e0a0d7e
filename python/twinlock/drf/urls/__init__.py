"""All endpoints under one prefix: `path("api/", include("twinlock.drf.urls"))`."""

from rest_framework.routers import DefaultRouter

from ..views.recovery import TotpRecoveryViewSet
from ..views.step_up import TotpStepUpViewSet
from ..views.totp import TotpViewSet
from . import devices, jwt

router = DefaultRouter()
router.register("totp", TotpViewSet, basename="totp")
router.register("totp", TotpStepUpViewSet, basename="totp-step-up")
router.register("totp", TotpRecoveryViewSet, basename="totp-recovery")

# Django tries patterns in their order: those that every sign-in takes come first.
urlpatterns = [*jwt.urlpatterns, *router.urls, *devices.urlpatterns]
