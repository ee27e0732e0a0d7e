"""The security schemes: access tokens and enrollment tokens, each as a bearer's."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object

from twinlock.django.conf import settings

ENROLLMENT = "Of a sign-in that answered `enrollment_required`; opens the endpoints that set a device up."


class AccessTokens(OpenApiAuthenticationExtension):
    """`TwinlockAuthentication`, and what a project derives from it."""

    target_class = "twinlock.drf.authentication.TwinlockAuthentication"
    match_subclasses = True
    name = "twinlockAccessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """A bearer's token, or the word that the settings have for it."""
        return _scheme("JWT")


class EnrollmentTokens(OpenApiAuthenticationExtension):
    """`EnrollmentTokenAuthentication`."""

    target_class = "twinlock.drf.enrollment.EnrollmentTokenAuthentication"
    name = "twinlockEnrollmentToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """A bearer's token."""
        return {**_scheme("JWT~MAC"), "description": ENROLLMENT}


def _scheme(form: str) -> dict[str, Any]:
    scheme: dict[str, Any] = build_bearer_security_scheme_object(
        "Authorization", settings.JWT.HEADER_TYPES[0], form
    )
    return scheme
