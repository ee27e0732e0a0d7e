"""The endpoints: `totp` of a signed-in user, `recovery` of one without the authenticator, `jwt` of tokens."""

from django.apps import apps

if apps.is_installed("drf_spectacular"):
    from .. import schema

    __all__ = ["schema"]
