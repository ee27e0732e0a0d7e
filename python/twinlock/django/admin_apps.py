"""`twinlock.django.admin_apps.TwinlockAdminConfig` replaces `django.contrib.admin` in INSTALLED_APPS."""

from django.contrib.admin.apps import AdminConfig


class TwinlockAdminConfig(AdminConfig):
    """Django's admin with a site that asks for the second factor."""

    default_site = "twinlock.django.admin_site.TwinlockAdminSite"
