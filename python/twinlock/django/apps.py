"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TwinlockConfig(AppConfig):
    """Registers the checks; reads no settings, so a project without keys still hears what is missing."""

    name = "twinlock.django"
    label = "twinlock"
    verbose_name = _("Two-factor authentication")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the system checks, and makes sessions know when they began."""
        from . import checks, session_evidence

        checks.register_all()
        session_evidence.note_sign_ins()
