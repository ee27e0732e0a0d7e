"""The table: one sealed record per user, a version for the conditional update, and readable mirrors."""
# mypy: disable-error-code="var-annotated"
# The types of fields come from Django itself, which has none, or from a plugin that wants a project.

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SecondFactorRecord(models.Model):
    """What the second factor knows about one user.

    `record` is the truth and is sealed; `version` guards its replacement. Only `twinlock.django.services`
    writes them. The mirrors are copies for the admin and for queries; nothing is decided from them.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="second_factor",
        verbose_name=_("user"),
    )
    record = models.BinaryField(_("sealed record"))
    version = models.PositiveBigIntegerField(_("version"))

    enabled = models.BooleanField(_("enabled"), default=False, db_index=True)
    method = models.CharField(_("method"), max_length=16, blank=True, default="")
    device_count = models.PositiveSmallIntegerField(_("devices"), default=0)
    backup_codes_left = models.PositiveSmallIntegerField(_("backup codes left"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    epoch = models.BigIntegerField(_("epoch"), default=0)

    recovery_requested_at = models.DateTimeField(_("recovery requested at"), null=True, blank=True)
    recovery_approved_at = models.DateTimeField(_("recovery approved at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        """Names, the guard of the version, and what operators may be allowed."""

        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = (
            models.CheckConstraint(condition=models.Q(version__gte=1), name="twinlock_version_from_1"),
        )
        permissions = (
            ("unlock_second_factor", "Can end the lock of a second factor"),
            ("reset_second_factor", "Can turn a second factor off"),
            ("approve_recovery", "Can approve a recovery request"),
        )

    def __str__(self) -> str:
        return gettext("second factor of user %(key)s") % {"key": self.pk}

    def __repr__(self) -> str:
        return f"<SecondFactorRecord user={self.pk!r} enabled={self.enabled}>"


class RefreshSession(models.Model):
    """One sign-in whose tokens live on: what the core knows of it, and what its user is shown.

    `state` is the truth (`twinlock.RefreshFamily` as JSON, nothing secret in it) and empty where the token
    does not rotate; `version` guards its replacement. `revoked_at` ends the session whatever the state says.
    Only `twinlock.django.services` writes them. `epoch` and `credential` say which second factor and password
    the tokens are bound to, as the claims of that name do: a session of others is over.
    """

    id = models.CharField(_("id"), primary_key=True, max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="refresh_sessions",
        verbose_name=_("user"),
    )
    state = models.TextField(_("state"), blank=True, default="")
    version = models.PositiveBigIntegerField(_("version"), default=1)
    epoch = models.BigIntegerField(_("epoch"), default=0)
    credential = models.CharField(_("credential"), max_length=16, blank=True, default="")

    device = models.CharField(_("device"), max_length=200, blank=True, default="")
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    last_used_at = models.DateTimeField(_("last used at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        """Names, and the guard of the version."""

        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        permissions = (("revoke_session", "Can end a session"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="twinlock_session_version_from_1"
            ),
        )

    def __str__(self) -> str:
        return gettext("session %(key)s") % {"key": self.pk}

    def __repr__(self) -> str:
        return f"<RefreshSession {self.pk!r}>"


class EnrollmentRequirement(models.Model):
    """Since when a user must have a second factor: the grace period counts from here."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="second_factor_requirement",
        verbose_name=_("user"),
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        """Names."""

        verbose_name = _("requirement of a second factor")
        verbose_name_plural = _("requirements of a second factor")
        permissions = (("renew_grace_period", "Can let a grace period begin anew"),)

    def __str__(self) -> str:
        return gettext("second factor required of user %(key)s") % {"key": self.pk}
