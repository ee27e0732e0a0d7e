"""Twinlock: a second-factor engine.

:class:`SecondFactor` joins an :class:`Engine`, which holds every rule, and a store, which holds one
sealed record per subject; :class:`AsyncSecondFactor` does so for asyncio. The primitives below it
stand alone: :mod:`twinlock.totp`, :mod:`twinlock.hotp`, :mod:`twinlock.steam`, :mod:`twinlock.otpauth`,
:mod:`twinlock.qr`, :mod:`twinlock.vault`.

Importing reads no environment, opens no file and starts no thread. All objects may be shared
between threads, and survive ``fork``.
"""

from __future__ import annotations

from twinlock import hotp, otpauth, qr, steam, totp, vault
from twinlock._twinlock import (
    AccessToken,
    Device,
    Engine,
    Enrolled,
    EnrollmentToken,
    JwtConfig,
    JwtKey,
    KeyRing,
    OtpauthExport,
    OtpauthUri,
    Pending,
    PendingRotation,
    Policy,
    Proof,
    RefreshFamily,
    Secret,
    SentCode,
    Setup,
    SignedIn,
    SignIn,
    SlidingToken,
    Status,
    Tokens,
    TrustedDevice,
    TrustToken,
    __version__,
)
from twinlock.errors import (
    ArgumentFault,
    CommitLost,
    Fault,
    InternalFault,
    KeyFault,
    RecordFault,
    Refused,
    StoreFault,
    TransactionOpen,
    TwinlockError,
)
from twinlock.second_factor import SecondFactor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from twinlock.async_second_factor import AsyncSecondFactor

__all__ = [
    "Engine",
    "SecondFactor",
    "AsyncSecondFactor",
    "Policy",
    "KeyRing",
    "JwtConfig",
    "JwtKey",
    "Secret",
    "Pending",
    "Proof",
    "Setup",
    "Enrolled",
    "SignIn",
    "SentCode",
    "TrustToken",
    "EnrollmentToken",
    "Tokens",
    "AccessToken",
    "SlidingToken",
    "RefreshFamily",
    "SignedIn",
    "PendingRotation",
    "Status",
    "Device",
    "TrustedDevice",
    "OtpauthUri",
    "OtpauthExport",
    "totp",
    "hotp",
    "steam",
    "otpauth",
    "qr",
    "vault",
    "TwinlockError",
    "Refused",
    "CommitLost",
    "Fault",
    "KeyFault",
    "RecordFault",
    "ArgumentFault",
    "StoreFault",
    "TransactionOpen",
    "InternalFault",
    "__version__",
]


def __getattr__(name: str) -> object:
    """Import asyncio only where it is used."""
    if name == "AsyncSecondFactor":
        from twinlock.async_second_factor import AsyncSecondFactor

        return AsyncSecondFactor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
