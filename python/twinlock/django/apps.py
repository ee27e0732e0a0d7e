"""The Django application."""

from django.apps import AppConfig
from django.db.models.signals import pre_migrate
from django.utils.translation import gettext_lazy as _


class TwinlockConfig(AppConfig):
    """Registers checks and receivers; without reading settings, so that a project hears what is missing."""

    name = "twinlock.django"
    label = "twinlock"
    verbose_name = _("Two-factor authentication")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the system checks and the receivers."""
        from . import checks, passwords, session_evidence
        from .statements import sqlite

        checks.register_all()
        passwords.connect()
        session_evidence.note_sign_ins()
        pre_migrate.connect(sqlite.make_way, sender=self)
