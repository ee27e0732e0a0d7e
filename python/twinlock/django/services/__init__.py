"""The one writer of second factors: every view, command and admin action calls these.

Calls that decide must run outside a transaction (`twinlock.errors.TransactionOpen` otherwise); `status`,
`living_sessions`, `verify` and `verify_access` only read. A refusal is `twinlock.errors.Refused`, a fault
`twinlock.errors.Fault`; both are in the audit log.
`request` and `sender` go into the signals and the log and change nothing else.
"""

from .build import engine, second_factor
from .devices import (
    add_device,
    remove_device,
    rename_device,
    resync_device,
    set_method,
)
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
from .renewal import refresh, refresh_sliding
from .requirement import grace_ends_at, is_required, is_unmet, refuse_if_required, renew_grace
from .sent_step_up import SentStepUp, is_sent_alone, send_step_up_code, step_up_by_sent_code
from .sessions import living_sessions, logout, logout_all, revoke_session
from .sign_in import begin_sign_in, finish_challenge, finish_sign_in, finish_with_session, send_code
from .state import methods_of, status, ways_of
from .step_up import shows_step_up, step_up, step_up_age, step_up_purposes
from .tokens import first_factor, mint, session_of
from .trust import (
    Trust,
    for_client,
    from_client,
    revoke_trusted_device,
    revoke_trusted_devices,
    trust_device,
)
from .verification import verify, verify_access

__all__ = [
    "SentStepUp",
    "Trust",
    "add_device",
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
    "finish_challenge",
    "finish_sign_in",
    "finish_with_session",
    "first_factor",
    "for_client",
    "from_client",
    "grace_ends_at",
    "is_required",
    "is_sent_alone",
    "is_unmet",
    "living_sessions",
    "logout",
    "logout_all",
    "methods_of",
    "mint",
    "recover",
    "refresh",
    "refresh_sliding",
    "refuse_if_required",
    "regenerate_backup_codes",
    "regenerate_backup_codes_without_code",
    "remove_device",
    "rename_device",
    "renew_grace",
    "resync_device",
    "revoke_session",
    "revoke_trusted_device",
    "revoke_trusted_devices",
    "second_factor",
    "send_code",
    "send_step_up_code",
    "session_of",
    "set_method",
    "shows_step_up",
    "status",
    "step_up",
    "step_up_age",
    "step_up_by_sent_code",
    "step_up_purposes",
    "trust_device",
    "unlock",
    "verify",
    "verify_access",
    "ways_of",
]
