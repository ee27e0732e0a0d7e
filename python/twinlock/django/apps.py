"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TwinlockConfig(AppConfig):
    """Registers the checks and listens for new passwords; reads no settings of ours, so a project without keys
    still hears what is missing.
    """

    name = "twinlock.django"
    label = "twinlock"
    verbose_name = _("Two-factor authentication")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the system checks and the receivers."""
        from . import checks, passwords

        checks.register_all()
        passwords.connect()
