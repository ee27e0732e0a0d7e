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

totp_login_failed = Signal()
"""A right first factor was followed by a refused second one. Also carries `reason`, the refusal's code."""

backup_code_used = Signal()
"""A backup code was spent. Also carries `codes_left`."""

step_up_succeeded = Signal()
"""A signed-in user showed the second factor once more. Also carries `purpose`."""

step_up_failed = Signal()
"""A signed-in user's second factor was refused. Also carries `purpose` and `reason`, the refusal's code."""
