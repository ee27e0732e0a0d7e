"""The calls of :class:`twinlock.SecondFactor`, by theme. Each is one engine call about one record.

A new call is a method here and a line in :class:`twinlock.AsyncSecondFactor`; a test compares the two.
"""

from __future__ import annotations

from twinlock._calls.base import Calls
from twinlock._calls.devices import DeviceCalls
from twinlock._calls.enrollment import EnrollmentCalls
from twinlock._calls.manage import ManageCalls
from twinlock._calls.sign_in import SignInCalls
from twinlock._calls.tokens import TokenCalls
from twinlock._calls.trust import TrustCalls

__all__ = [
    "Calls",
    "DeviceCalls",
    "EnrollmentCalls",
    "ManageCalls",
    "SignInCalls",
    "TokenCalls",
    "TrustCalls",
]
