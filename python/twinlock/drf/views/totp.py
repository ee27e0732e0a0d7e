"""What a signed-in user does with the second factor."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status as http
from rest_framework.authentication import BaseAuthentication
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from twinlock import Status
from twinlock.django import services
from twinlock.django.conf import settings
from twinlock.errors import Refused

from ..answers import signed_in
from ..base import Contract
from ..described import status_of
from ..enrollment import EnrollmentTokenAuthentication, check_recent_sign_in, enrollment_due
from ..inputs import field_errors
from ..sensitive import answer_of, ask
from ..serializers.codes import AnswerInput, ConfirmInput, NoInput
from ..serializers.devices import FirstDeviceInput
from ..throttle import UserThrottle

NO_SECRET = _("User does not have an associated TOTP secret.")
CREATE_TEXTS = {
    "already_enrolled": _("TOTP is already enabled. Disable the old one before creating a new one."),
}
CONFIRM_TEXTS = {
    "wrong_code": _("Invalid TOTP code."),
    "replayed": _("Invalid TOTP code."),
    "no_pending_enrollment": NO_SECRET,
    "already_enrolled": _("Backup codes already exist for this user."),
}
MANAGE_TEXTS = {
    "not_enrolled": NO_SECRET,
    "enrollment_required": _("Your account must have a second factor."),
}


class TotpViewSet(Contract, GenericViewSet[Any]):
    """Enroll, confirm, turn off, replace the backup codes, look."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (UserThrottle,)
    throttle_group = "totp"
    serializer_class = NoInput
    takes_enrollment_token = False
    """Whether a sign-in that only opens enrollment opens this."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """The project's, and before them that of enrollment tokens where one is taken."""
        usual = super().get_authenticators()
        return [EnrollmentTokenAuthentication(usual), *usual] if self.takes_enrollment_token else usual

    @action(
        detail=False,
        methods=["post"],
        url_path="create",
        url_name="create",
        serializer_class=FirstDeviceInput,
        refusal_texts=CREATE_TEXTS,
        takes_enrollment_token=True,
    )
    def enroll(self, request: Request, **_: Any) -> Response:
        """Starts an enrollment: QR code, secret and URI, shown this once, soon after a sign-in."""
        fields = self.validated(request)
        if not services.status(request.user).enabled:
            check_recent_sign_in(request)
        with field_errors(fields):
            setup = services.begin_enrollment(request.user, **fields, request=request, sender=type(self))
        body = {"svg": setup.qr_svg, "secret": setup.secret, "otpauth_uri": setup.uri}
        return Response(body, status=http.HTTP_201_CREATED)

    @action(
        detail=False,
        methods=["post"],
        serializer_class=ConfirmInput,
        refusal_texts=CONFIRM_TEXTS,
        takes_enrollment_token=True,
    )
    def confirm(self, request: Request, **_: Any) -> Response:
        """Confirms the device: backup codes with the first, and new tokens, since the old ones are dead."""
        fields = self.validated(request)
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        # Asked before: a question that fails afterwards would cost the user the backup codes.
        found = services.status(request.user)
        enrolled = services.confirm_enrollment(request.user, fields["input_code"], **told)
        tokens = signed_in(request, request.user, enrolled.proof, fields)
        body = {"device_id": enrolled.device_id, **tokens}
        # An empty list would tell the user of a further device that there are no backup codes any more.
        if found.enabled:
            return Response({**body, "backup_codes_left": found.backup_codes_left})
        return Response({**body, "backup_codes": enrolled.backup_codes})

    @action(detail=False, methods=["post"], serializer_class=AnswerInput, refusal_texts=MANAGE_TEXTS)
    def disable(self, request: Request, **_: Any) -> Response:
        """Turns the second factor off, with a code of either kind or a step-up for `disable`."""
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        answer = answer_of(request, self.validated(request), "disable")
        if answer:
            services.disable(request.user, **answer, **told)
        elif settings.DANGER_DISABLE_WITHOUT_CODE:
            services.disable_without_code(request.user, **told)
        else:
            ask(request.user, "disable")
        return Response(status=http.HTTP_204_NO_CONTENT)

    @action(detail=False, methods=["post"], serializer_class=AnswerInput, refusal_texts=MANAGE_TEXTS)
    def rotate_backup_codes(self, request: Request, **_: Any) -> Response:
        """Replaces all backup codes, with a code of the authenticator or a step-up by one."""
        told: dict[str, Any] = {"request": request, "sender": type(self)}
        fields, by = self.validated(request), ("regenerate_backup_codes", ["otp"])
        answer = answer_of(request, fields, *by)
        if "backup" in answer:
            raise Refused("method_not_allowed")
        if answer:
            codes = services.regenerate_backup_codes(request.user, **answer, **told)
        elif settings.DANGER_ROTATE_WITHOUT_CODE:
            codes = services.regenerate_backup_codes_without_code(request.user, **told)
        else:
            ask(request.user, *by)
        return Response({"backup_codes": codes})

    @action(detail=False, methods=["get"], throttle_group="totp-status")
    def status(self, request: Request, **_: Any) -> Response:
        """The state of the second factor; nothing secret is in it."""
        found = services.status(request.user)
        return Response({**status_of(found), **_demanded(request.user, found)})


def _demanded(user: Any, found: Status) -> dict[str, Any]:
    due = enrollment_due(user)
    return {"required": bool(due), "enrollment_due_at": None, **({} if found.enabled else due)}
