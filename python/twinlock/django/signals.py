"""The signals, sent with `send_robust` after the verdict was stored: a failing receiver changes nothing.

All carry `request` (None outside a request) and `user`. `sender` is the view's class, or
`SecondFactorRecord` where no view is.
"""

from django.dispatch import Signal

totp_created = Signal()
"""An enrollment was confirmed; two-factor authentication is on."""

totp_disabled = Signal()
"""Two-factor authentication was turned off."""

backup_codes_rotated = Signal()
"""A new set of backup codes replaced the old one."""

totp_login_succeeded = Signal()
"""A second factor was passed at sign-in."""

non_totp_login_succeeded = Signal()
"""A user without a second factor signed in."""

totp_recovery_succeeded = Signal()
"""A recovery link turned the second factor off; `totp_disabled` follows."""

enrollment_started = Signal()
"""An authenticator is being set up; nothing has changed so far. Also carries `device`, its id."""

totp_reset = Signal()
"""An operator turned the second factor off; `totp_disabled` follows."""

totp_unlocked = Signal()
"""An operator ended the locks."""

totp_locked = Signal()
"""Wrong codes locked the second factor. Also carries `retry_after`, in seconds."""

second_factor_refused = Signal()
"""A code, or a change of the second factor, was refused. Also carries `action`, one of `confirmation`,
`sign_in`, `step_up`, `disable`, `rotation`, `device`, `method`, `recovery` and the like, and `reason`, the
refusal's code."""

totp_login_failed = Signal()
"""A right first factor was followed by a refused second one. Also carries `reason`, the refusal's code."""

backup_code_used = Signal()
"""A backup code was spent. Also carries `codes_left`."""

backup_codes_low = Signal()
"""Few backup codes are left. Also carries `codes_left`."""

session_revoked = Signal()
"""A session was ended by its user or an operator. Also carries `session`, its id; None: all."""

session_reused = Signal()
"""A refresh token came back that was exchanged before, so its session was ended. Also carries `session`."""

step_up_succeeded = Signal()
"""A signed-in user showed the second factor once more. Also carries `purpose`."""

step_up_failed = Signal()
"""A signed-in user's second factor was refused. Also carries `purpose` and `reason`, the refusal's code."""

device_added = Signal()
"""A further device was confirmed. Also carries `device`, its id."""

device_renamed = Signal()
"""A device got another name. Also carries `device`."""

device_removed = Signal()
"""A device was removed. Also carries `device`; `totp_disabled` follows where it was the last one."""

method_changed = Signal()
"""A user chose how to be asked. Also carries `method`: `otp`, `sent` or `off`."""

code_sent = Signal()
"""A code for a sign-in was handed over for delivery. It does not carry the code."""

device_trusted = Signal()
"""A device was trusted at sign-in. Also carries `device`, the id of the trust."""

trust_revoked = Signal()
"""The trust in a device ended. Also carries `device`; None where it ended for all."""

trusted_login_succeeded = Signal()
"""A user signed in on a trusted device, without a second factor."""
