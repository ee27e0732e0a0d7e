"""The table of endpoints: what each is called, takes, answers, and refuses with.

Codes that several endpoints have for the same reason (a bearer token, a limit, a body) are added by `views`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..serializers import codes, devices, recovery, sign_in, step_up, tokens
from . import answers
from .shapes import NOTHING

BUSY = ("contended",)
GUESS = ("wrong_code", "replayed", "locked", "factor_disabled", *BUSY)
"""How a code can fail."""
CHALLENGE = ("challenge_invalid", "challenge_spent", "not_enrolled", "method_not_allowed")
SENSITIVE = (
    *GUESS,
    "not_enrolled",
    "method_not_allowed",
    "second_factor_required",
    "token_invalid",
    "token_expired",
)
"""How a sensitive action can fail that takes a code or a step-up."""
CONFIRM = (*GUESS, "no_pending_enrollment", "already_enrolled", "enrollment_expired", "too_many_devices")
TOKEN = ("token_not_valid", *BUSY)


class Operation(NamedTuple):
    """One endpoint and method. `answer` is a serializer, or a list where one of several comes."""

    name: str
    summary: str
    body: Any = None
    answer: Any = None
    refusals: tuple[str, ...] = ()
    status: int = 200

    @property
    def title(self) -> str:
        """The name as components of the document have it."""
        return self.name.title().replace("_", "")


def _none(name: str, summary: str, body: Any = None, refusals: tuple[str, ...] = ()) -> Operation:
    return Operation(name, summary, body, None, refusals, 204)


TABLE: Mapping[tuple[str, str], Operation] = {
    ("JWTCreateView", "post"): Operation(
        "sign_in",
        "Sign in with name and password",
        sign_in.LoginInput,
        [answers.SignedIn, answers.SecondFactorDue, answers.EnrollmentOnly],
        ("invalid_credentials", "too_many_codes", *BUSY),
    ),
    ("JWTTOTP2FAVerifyView", "post"): Operation(
        "verify_second_factor",
        "Answer a challenge with a code",
        sign_in.ChallengeInput,
        [answers.Verified, answers.EnrollmentOnly],
        (*GUESS, *CHALLENGE),
    ),
    ("JWTTOTPSendView", "post"): Operation(
        "send_code",
        "Have a code sent",
        sign_in.SendInput,
        answers.CodeSent,
        (*CHALLENGE, "too_many_codes", "locked", "factor_disabled", *BUSY),
    ),
    ("JWTRefreshView", "post"): Operation(
        "refresh", "Exchange a refresh token", tokens.RefreshInput, answers.NextTokens, TOKEN
    ),
    ("JWTSlidingRefreshView", "post"): Operation(
        "refresh_sliding", "Exchange a sliding token", tokens.TokenInput, answers.SlidingToken, TOKEN
    ),
    ("JWTVerifyView", "post"): Operation(
        "verify_token", "Ask whether a token counts", tokens.TokenInput, NOTHING, TOKEN
    ),
    ("JWKSView", "get"): Operation("public_keys", "The public keys", answer=answers.KeySet),
    ("JWTLogoutView", "post"): _none("logout", "End this session", tokens.LogoutInput, TOKEN),
    ("JWTLogoutAllView", "post"): _none("logout_everywhere", "End all sessions", refusals=BUSY),
    ("JWTSessionsView", "get"): Operation("list_sessions", "List the sessions", answer=answers.Sessions),
    ("JWTSessionView", "delete"): _none("end_session", "End one session", refusals=("not_found", *BUSY)),
    ("TotpViewSet", "enroll"): Operation(
        "begin_enrollment",
        "Begin to set up the first authenticator",
        devices.FirstDeviceInput,
        answers.Setup,
        ("already_enrolled", "reauthentication_required", *BUSY),
        201,
    ),
    ("TotpViewSet", "confirm"): Operation(
        "confirm_enrollment", "Confirm an authenticator", codes.ConfirmInput, answers.Confirmed, CONFIRM
    ),
    ("TotpViewSet", "disable"): _none(
        "disable", "Turn the second factor off", codes.AnswerInput, (*SENSITIVE, "enrollment_required")
    ),
    ("TotpViewSet", "rotate_backup_codes"): Operation(
        "rotate_backup_codes",
        "Replace the backup codes",
        codes.AnswerInput,
        answers.BackupCodes,
        SENSITIVE,
    ),
    ("TotpViewSet", "status"): Operation("status", "The second factor's state", answer=answers.StateAndDuty),
    ("TotpStepUpViewSet", "step_up"): Operation(
        "step_up",
        "Show the second factor once more",
        step_up.StepUpInput,
        answers.SteppedUp,
        (*SENSITIVE, "challenge_invalid", "challenge_spent"),
    ),
    ("TotpStepUpViewSet", "send"): Operation(
        "send_step_up_code",
        "Have a code sent to step up with",
        step_up.PurposeInput,
        answers.StepUpCodeSent,
        ("method_not_allowed", "not_enrolled", "second_factor_required", "too_many_codes", *BUSY),
    ),
    ("TotpRecoveryViewSet", "recovery"): Operation(
        "ask_for_recovery", "Ask for a recovery link", recovery.RecoveryInput, answers.RecoveryAsked
    ),
    ("TotpRecoveryViewSet", "recovery_confirm"): _none(
        "confirm_recovery",
        "Use a recovery link",
        recovery.RecoveryConfirmInput,
        (*GUESS, "not_enrolled", "second_factor_required"),
    ),
    ("DevicesView", "get"): Operation("list_devices", "List the authenticators", answer=answers.Devices),
    ("DevicesView", "post"): Operation(
        "add_device",
        "Begin to add an authenticator",
        devices.DeviceInput,
        answers.FurtherSetup,
        (*SENSITIVE, "too_many_devices"),
        201,
    ),
    ("DeviceView", "get"): Operation(
        "get_device", "One authenticator", answer=answers.Device, refusals=("device_unknown",)
    ),
    ("DeviceView", "patch"): Operation(
        "rename_device",
        "Rename an authenticator",
        devices.RenameInput,
        answers.Device,
        ("device_unknown", "too_many_devices", "not_enrolled", *BUSY),
    ),
    ("DeviceView", "delete"): Operation(
        "remove_device",
        "Remove an authenticator",
        codes.AnswerInput,
        [answers.Left, answers.LeftAndAsked],
        (*SENSITIVE, "device_unknown", "enrollment_required"),
    ),
    ("DeviceResyncView", "post"): _none(
        "resync_device",
        "Find a counter again",
        devices.ResyncInput,
        (*GUESS, "device_unknown", "method_not_allowed", "not_enrolled"),
    ),
    ("MethodView", "post"): Operation(
        "set_method",
        "Choose how to be asked",
        devices.MethodInput,
        answers.State,
        (*SENSITIVE, "enrollment_required"),
    ),
    ("TrustedDevicesView", "get"): Operation(
        "list_trusted_devices", "List the trusted devices", answer=answers.TrustedDevices
    ),
    ("TrustedDevicesView", "delete"): _none(
        "forget_trusted_devices", "End all trust", refusals=("not_enrolled", *BUSY)
    ),
    ("TrustedDeviceView", "delete"): _none(
        "forget_trusted_device", "End the trust in one", refusals=("device_unknown", "not_enrolled", *BUSY)
    ),
}
"""By the name of the view's class and of its method."""
