"""The one writer of second factors: every view, command and admin action calls these.

Calls that decide must run outside a transaction (`twinlock.errors.TransactionOpen` otherwise); `status`,
`living_sessions`, `verify` and `verify_access` only read. A refusal is `twinlock.errors.Refused`, a fault
`twinlock.errors.Fault`; both are in the audit log.
`request` and `sender` go into the signals and the log and change nothing else.
"""

from .build import engine, second_factor
from .enrollment import begin_enrollment, confirm_enrollment
from .manage import (
    admin_reset,
    bump_epoch,
    disable,
    disable_without_code,
    recover,
    regenerate_backup_codes,
    regenerate_backup_codes_without_code,
    status,
    unlock,
)
from .refresh import refresh, refresh_sliding
from .sessions import living_sessions, logout, logout_all, revoke_session
from .sign_in import begin_sign_in, finish_sign_in
from .tokens import mint
from .verify import verify, verify_access

__all__ = [
    "admin_reset",
    "begin_enrollment",
    "begin_sign_in",
    "bump_epoch",
    "confirm_enrollment",
    "disable",
    "disable_without_code",
    "engine",
    "finish_sign_in",
    "living_sessions",
    "logout",
    "logout_all",
    "mint",
    "recover",
    "refresh",
    "refresh_sliding",
    "regenerate_backup_codes",
    "regenerate_backup_codes_without_code",
    "revoke_session",
    "second_factor",
    "status",
    "unlock",
    "verify",
    "verify_access",
]
