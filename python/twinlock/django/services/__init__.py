"""The one writer of second factors: every view, command and admin action calls these.

Calls that decide must run outside a transaction (`twinlock.errors.TransactionOpen` otherwise); `status`,
`refresh`, `verify` and `verify_access` only read. A refusal is `twinlock.errors.Refused`, a fault
`twinlock.errors.Fault`; both are in the audit log.
`request` and `sender` go into the signals and the log and change nothing else.
"""

from .build import engine, second_factor
from .enrollment import begin_enrollment, confirm_enrollment
from .enrollment_token import bind_enrollment_token, check_enrollment_token
from .manage import (
    admin_reset,
    bump_epoch,
    disable,
    disable_without_code,
    recover,
    regenerate_backup_codes,
    regenerate_backup_codes_without_code,
    unlock,
)
from .requirement import grace_ends_at, is_required, is_unmet, refuse_if_required
from .sign_in import begin_sign_in, finish_sign_in
from .state import methods_of, status
from .step_up import shows_step_up, step_up, step_up_age, step_up_purposes
from .tokens import mint, refresh, verify, verify_access

__all__ = [
    "admin_reset",
    "begin_enrollment",
    "begin_sign_in",
    "bind_enrollment_token",
    "bump_epoch",
    "check_enrollment_token",
    "confirm_enrollment",
    "disable",
    "disable_without_code",
    "engine",
    "finish_sign_in",
    "grace_ends_at",
    "is_required",
    "is_unmet",
    "methods_of",
    "mint",
    "recover",
    "refresh",
    "refuse_if_required",
    "regenerate_backup_codes",
    "regenerate_backup_codes_without_code",
    "second_factor",
    "shows_step_up",
    "status",
    "step_up",
    "step_up_age",
    "step_up_purposes",
    "unlock",
    "verify",
    "verify_access",
]
