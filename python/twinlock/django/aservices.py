"""The services for async code: `abegin_sign_in` is `services.begin_sign_in`, to be awaited, and so on.

Each runs in the thread that Django keeps for the request's synchronous code, so neither a database nor the
hashing of backup codes blocks the event loop. Arguments, refusals, signals and the rule about open
transactions are the service's own. A call that is cancelled goes on in its thread and has no answer: what it
was about may or may not have been stored. Services without a twin here only compute.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from asgiref.sync import sync_to_async

from . import recovery, services
from .frames import clear_frames

if TYPE_CHECKING:
    from typing import ParamSpec

    P = ParamSpec("P")

T = TypeVar("T")


def _awaited(service: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    in_thread = sync_to_async(service, thread_sensitive=True)

    @wraps(service)
    async def awaited(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await in_thread(*args, **kwargs)
        except Exception as error:
            del args, kwargs  # as in `without_locals`, for the frames on the way out of the thread
            clear_frames(error)
            raise

    awaited.__name__ = awaited.__qualname__ = f"a{service.__name__}"
    awaited.__module__ = __name__
    return awaited


__all__ = [
    "aadd_device",
    "aadmin_reset",
    "aapprove",
    "abegin_enrollment",
    "abegin_sign_in",
    "abump_epoch",
    "acheck_enrollment_token",
    "aconfirm_enrollment",
    "aconfirm_recovery",
    "adisable",
    "adisable_without_code",
    "afinish_challenge",
    "afinish_sign_in",
    "afinish_with_session",
    "agrace_ends_at",
    "ais_required",
    "ais_unmet",
    "aliving_sessions",
    "alogout",
    "alogout_all",
    "amint",
    "arecover",
    "arefresh",
    "arefresh_sliding",
    "arefuse_if_required",
    "aregenerate_backup_codes",
    "aregenerate_backup_codes_without_code",
    "aremove_device",
    "arename_device",
    "arequest_recovery",
    "arenew_grace",
    "aresync_device",
    "arevoke_session",
    "arevoke_trusted_device",
    "arevoke_trusted_devices",
    "asend_code",
    "asend_step_up_code",
    "aset_method",
    "astatus",
    "astep_up",
    "astep_up_by_sent_code",
    "atrust_device",
    "aunlock",
    "averify",
    "averify_access",
]

abegin_enrollment = _awaited(services.begin_enrollment)
aconfirm_enrollment = _awaited(services.confirm_enrollment)
acheck_enrollment_token = _awaited(services.check_enrollment_token)
abegin_sign_in = _awaited(services.begin_sign_in)
asend_code = _awaited(services.send_code)
afinish_sign_in = _awaited(services.finish_sign_in)
afinish_challenge = _awaited(services.finish_challenge)
afinish_with_session = _awaited(services.finish_with_session)
amint = _awaited(services.mint)
arefresh = _awaited(services.refresh)
arefresh_sliding = _awaited(services.refresh_sliding)
averify = _awaited(services.verify)
averify_access = _awaited(services.verify_access)
aliving_sessions = _awaited(services.living_sessions)
arevoke_session = _awaited(services.revoke_session)
alogout = _awaited(services.logout)
alogout_all = _awaited(services.logout_all)
astatus = _awaited(services.status)
astep_up = _awaited(services.step_up)
asend_step_up_code = _awaited(services.send_step_up_code)
astep_up_by_sent_code = _awaited(services.step_up_by_sent_code)
adisable = _awaited(services.disable)
adisable_without_code = _awaited(services.disable_without_code)
aregenerate_backup_codes = _awaited(services.regenerate_backup_codes)
aregenerate_backup_codes_without_code = _awaited(services.regenerate_backup_codes_without_code)
aadd_device = _awaited(services.add_device)
arename_device = _awaited(services.rename_device)
aremove_device = _awaited(services.remove_device)
aresync_device = _awaited(services.resync_device)
aset_method = _awaited(services.set_method)
atrust_device = _awaited(services.trust_device)
arevoke_trusted_device = _awaited(services.revoke_trusted_device)
arevoke_trusted_devices = _awaited(services.revoke_trusted_devices)
ais_required = _awaited(services.is_required)
agrace_ends_at = _awaited(services.grace_ends_at)
ais_unmet = _awaited(services.is_unmet)
arenew_grace = _awaited(services.renew_grace)
arefuse_if_required = _awaited(services.refuse_if_required)
aunlock = _awaited(services.unlock)
aadmin_reset = _awaited(services.admin_reset)
arecover = _awaited(services.recover)
abump_epoch = _awaited(services.bump_epoch)
arequest_recovery = _awaited(recovery.request_recovery)
aapprove = _awaited(recovery.approve)
aconfirm_recovery = _awaited(recovery.confirm_recovery)
