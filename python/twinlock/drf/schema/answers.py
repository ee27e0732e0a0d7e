"""The bodies of answers, as serializers that describe and never run."""

from __future__ import annotations

from typing import Any

from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateTimeField,
    DictField,
    IntegerField,
    ListField,
    Serializer,
)

from twinlock.django.conf import settings

METHODS = ("otp", "backup", "sent")
KINDS = ("totp", "hotp", "steam")


class NextTokens(Serializer[Any]):
    """The next access token, and the next refresh token where the session rotates them."""

    access = CharField()
    refresh = CharField(required=False)


class SlidingToken(Serializer[Any]):
    """The next sliding token."""

    token = CharField()


class Tokens(Serializer[Any]):
    """The tokens of a session that has begun: one sliding token, or an access and a refresh token."""

    access = CharField(help_text="For the Authorization header; lives for minutes.")
    refresh = CharField(help_text="For `jwt/refresh/`, which exchanges it.")
    token = CharField()

    def get_fields(self) -> dict[str, Any]:
        """Those that the project's settings make."""
        others = ("access", "refresh") if settings.JWT.SLIDING else ("token",)
        return {name: field for name, field in super().get_fields().items() if name not in others}


class SignedIn(Tokens):
    """Signed in: no second factor is due, or a trusted device took its place."""

    is_totp_enabled = BooleanField(help_text="False.")
    enrollment_due_at = DateTimeField(required=False, help_text="Until when setting one up can wait.")
    trusted_device = BooleanField(required=False)
    trust_expires_at = DateTimeField(required=False)
    trust_token = CharField(required=False, help_text="Only for clients that send the trust header.")


class Challenge(Serializer[Any]):
    """`jwt/totp/verify/` takes the challenge with a code."""

    totp_challenge_token = CharField()
    methods = ListField(child=ChoiceField(METHODS), help_text="What the user can answer with.")
    expires_at = DateTimeField()
    code_sent = BooleanField(help_text="Whether a code is on its way.")
    gives = ChoiceField(["sign_in", "enrollment"], help_text="What an answer leads to.")
    trust_available = BooleanField()


class SecondFactorDue(Challenge):
    """The password was right; `jwt/totp/verify/` takes the challenge with a code."""

    is_totp_enabled = BooleanField(help_text="True.")


class EnrollmentOnly(Serializer[Any]):
    """The user must have a second factor; the token opens `totp/create/` and `totp/confirm/` alone."""

    enrollment_required = BooleanField(help_text="True.")
    enrollment_token = CharField()
    expires_at = DateTimeField()


class Verified(Tokens):
    """Signed in; the members of trust are there where `trust_device` was asked for."""

    trusted_device = BooleanField(required=False)
    trust_expires_at = DateTimeField(required=False)
    trust_token = CharField(required=False, help_text="Only for clients that send the trust header.")


class CodeSent(Serializer[Any]):
    """A code is on its way."""

    code_sent = BooleanField(help_text="True.")
    expires_at = DateTimeField()


class KeySet(Serializer[Any]):
    """A JWK Set (RFC 7517 §5)."""

    keys = ListField(child=DictField(child=CharField()))


class Session(Serializer[Any]):
    """One session. `current` is the one that asks."""

    id = CharField()
    device = CharField(allow_blank=True)
    address = CharField(allow_null=True)
    created_at = DateTimeField()
    last_used_at = DateTimeField()
    expires_at = DateTimeField()
    current = BooleanField()


class Sessions(Serializer[Any]):
    """The living sessions, the last used first."""

    sessions = Session(many=True)


class Setup(Serializer[Any]):
    """What an authenticator app needs; shown this once."""

    svg = CharField(help_text="The QR code as an SVG document.")
    secret = CharField(help_text="In base32, to type where no camera is.")
    otpauth_uri = CharField()


class FurtherSetup(Setup):
    """As the first device's, with the id of this one."""

    device_id = CharField()


class Confirmed(Tokens):
    """The device counts. `backup_codes` come with the first device, shown this once."""

    device_id = CharField()
    backup_codes = ListField(child=CharField(), required=False)
    backup_codes_left = IntegerField(required=False)


class BackupCodes(Serializer[Any]):
    """The new backup codes, shown this once; the old ones are void."""

    backup_codes = ListField(child=CharField())


class Device(Serializer[Any]):
    """One authenticator."""

    id = CharField()
    name = CharField(allow_blank=True)
    kind = ChoiceField(KINDS)
    created_at = DateTimeField()
    last_used_at = DateTimeField(allow_null=True)


class Devices(Serializer[Any]):
    """All authenticators."""

    devices = Device(many=True)


class Left(Serializer[Any]):
    """The second factor is off, or nothing more can be had for this answer."""

    enabled = BooleanField(help_text="Whether a second factor is left.")


class LeftAndAsked(Challenge):
    """The device is gone; a code of one that is left signs the caller in again."""

    enabled = BooleanField(help_text="True.")


class State(Serializer[Any]):
    """The whole state of the second factor, without a secret."""

    enabled = BooleanField()
    pending = BooleanField()
    pending_until = DateTimeField(allow_null=True)
    devices = Device(many=True)
    backup_codes_left = IntegerField()
    locked_until = DateTimeField(allow_null=True)
    methods = ListField(child=ChoiceField(METHODS))
    method = ChoiceField(["otp", "sent", "off"], allow_null=True)
    sent_codes = ChoiceField(["off", "enroll", "sign_in"], help_text="What the policy sends codes for.")
    trusted_devices = IntegerField(help_text="How many there are.")
    trust_available = BooleanField()


class StateAndDuty(State):
    """The state, and whether the project's policy wants a second factor of this user."""

    required = BooleanField()  # type: ignore[assignment]
    enrollment_due_at = DateTimeField(allow_null=True)


class TrustedDevice(Serializer[Any]):
    """One trusted device."""

    id = CharField()
    name = CharField(allow_blank=True)
    created_at = DateTimeField()
    last_used_at = DateTimeField(allow_null=True)
    expires_at = DateTimeField()


class TrustedDevices(Serializer[Any]):
    """All trusted devices."""

    trusted_devices = TrustedDevice(many=True)


class StepUpCodeSent(CodeSent):
    """A code is on its way; `totp/step_up/` takes the challenge with it."""

    step_up_challenge_token = CharField()
    purpose = CharField()


class SteppedUp(Serializer[Any]):
    """An access token for one purpose."""

    access = CharField()
    purpose = CharField()
    expires_at = DateTimeField()


class RecoveryAsked(Serializer[Any]):
    """The same sentence, whoever asks."""

    details = CharField()
