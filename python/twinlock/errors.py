"""The exceptions: :class:`Refused` is what the user did, :class:`Fault` what the program or deployment did.

Names, numbers and sentences come from the native module's one table of codes. No message holds a
secret, a code, a token or anything that a user typed.
"""

from __future__ import annotations

from twinlock._twinlock import ERROR_CODES

__all__ = [
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
]


class TwinlockError(Exception):
    """Everything that Twinlock raises on purpose, besides ``TypeError``."""

    code: str
    """The stable name, as it appears in HTTP bodies and logs."""
    number: int
    """The stable number: above zero what the user did, below zero what the program did."""

    def __init__(self, code: str, *rest: object) -> None:
        try:
            self.number, self._message = ERROR_CODES[code]
        except KeyError:
            raise LookupError("there is no error code of that name") from None
        self.code = code
        super().__init__(code, *rest)

    def __str__(self) -> str:
        return self._message


class Refused(TwinlockError):
    """The user's answer was not accepted. Show it; it is no error of the program."""

    retry_after: int | None
    """Seconds until it makes sense to try again, where there is such a time."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(code, retry_after)
        if self.number < 0:
            raise LookupError("that code is a fault, not a refusal")
        self.retry_after = retry_after


class CommitLost(TwinlockError):
    """The record changed meanwhile: load it again and repeat the whole call."""

    def __init__(self) -> None:
        super().__init__("commit_lost")
        self.args = ()


class Fault(TwinlockError):
    """The caller or the deployment did something that cannot work."""

    about: str | None
    """The option or argument that it is about, where there is one."""

    def __init__(self, code: str, about: str | None = None) -> None:
        super().__init__(code, about)
        if self.number > 0:
            raise LookupError("that code is a refusal, not a fault")
        self.about = about

    def __str__(self) -> str:
        return f"{self.about}: {self._message}" if self.about else self._message


class KeyFault(Fault):
    """A key of the ring is missing, malformed, weak, doubled or unknown, or could not be fetched."""


class RecordFault(Fault):
    """What was stored cannot be opened or read: altered, another subject's, or of another origin."""


class ArgumentFault(Fault, ValueError):
    """An argument or option has a value that cannot work."""


class _Told(Fault):
    """A fault with one code, and a sentence of its own where that says more."""

    _code: str

    def __init__(self, message: str | None = None) -> None:
        super().__init__(self._code)
        self.args = (message,) if message else ()
        self._message = message or self._message


class StoreFault(_Told):
    """The store failed; the exception that it raised is the ``__cause__``. Nothing was granted."""

    _code = "store_failed"


class TransactionOpen(StoreFault):
    """A verdict was asked for inside an open transaction, whose rollback would undo it."""

    _code = "transaction_open"


class InternalFault(_Told):
    """A panic of the native code was caught. Nothing was decided."""

    _code = "panic"
