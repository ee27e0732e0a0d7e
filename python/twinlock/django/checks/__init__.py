"""What `manage.py check` says: each message tells what to do and none shows a value.

Errors stop a start; warnings name a risk that a project may have chosen.
"""

from __future__ import annotations

from django.core.checks import Tags, register

from .databases import check_users_database
from .devices import check_code_sender, check_trust_cookie, check_trust_names
from .enforcement import check_enforcement
from .login import check_login_routes
from .mail import check_mails
from .pages import check_pages
from .project import (
    check_cache,
    check_danger,
    check_database,
    check_jwt,
    check_keys,
    check_names,
    check_old_settings,
    check_policy,
    check_transactions,
)
from .tables import check_character_sets, check_table_engines
from .tokens import check_simplejwt, check_simplejwt_tokens, check_token_keys


def register_all() -> None:
    """Registers every check; called when the app is ready."""
    for check in (
        check_keys,
        check_policy,
        check_names,
        check_jwt,
        check_token_keys,
        check_simplejwt,
        check_simplejwt_tokens,
        check_cache,
        check_old_settings,
        check_danger,
        check_login_routes,
        check_pages,
        check_enforcement,
        check_mails,
        check_code_sender,
        check_trust_cookie,
        check_trust_names,
    ):
        register(check, Tags.security)
    register(check_database, Tags.compatibility)
    register(check_users_database, Tags.compatibility)
    register(check_transactions, Tags.database)
    register(check_table_engines, Tags.database)
    register(check_character_sets, Tags.database)
