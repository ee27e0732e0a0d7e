"""Only the endpoints of recovery."""

from rest_framework.routers import DefaultRouter

from ..views.recovery import TotpRecoveryViewSet

router = DefaultRouter()
router.register("totp", TotpRecoveryViewSet, basename="totp-recovery")

urlpatterns = router.urls
