"""The audit trail: one line per event on the logger `twinlock.audit`, its fields in `record.twinlock`.

No secret, code, token or password is ever given to it. The fields are written as ASCII JSON, so text that a
user chose can forge no line.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from twinlock.errors import Fault, Refused

logger = logging.getLogger("twinlock.audit")

REQUEST_ID_MAX = 64


def event(
    name: str, subject: str | None, /, *, request: Any = None, level: int = logging.INFO, **fields: Any
) -> None:
    """Writes one event about one subject."""
    if not logger.isEnabledFor(level):
        return
    found: dict[str, Any] = {"event": name, "subject": subject, **fields}
    request_id = _request_id(request)
    if request_id:
        found["request_id"] = request_id
    logger.log(
        level, "%s %s", name, json.dumps(found, default=str, sort_keys=True), extra={"twinlock": found}
    )


class Watched:
    """A block whose refusal or fault is written as `<action>_refused` or `<action>_failed`, and goes on.

    A fault is the deployment's: a key that is gone, a record that was altered, a store that is down. It is
    logged as an error so that it never looks like a wrong code.
    """

    def __init__(self, action: str, subject: str | None, request: Any) -> None:
        self.action = action
        self.subject = subject
        self.request = request

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None:
            return
        if isinstance(error, Refused):
            self.refused(error)
        elif isinstance(error, Fault):
            self._write(f"{self.action}_failed", logging.ERROR, reason=error.code)

    def refused(self, refusal: Refused) -> None:
        """Writes the refusal."""
        fields: dict[str, Any] = {"reason": refusal.code}
        if refusal.retry_after is not None:
            fields["retry_after"] = refusal.retry_after
        self._write(f"{self.action}_refused", logging.WARNING, **fields)
        if begins_lock(refusal):
            self._write("locked", logging.WARNING, **fields)

    def _write(self, name: str, level: int, **fields: Any) -> None:
        event(name, self.subject, request=self.request, level=level, **fields)


def watched(action: str, subject: str | None, request: Any = None) -> Watched:
    """A block that does this for the subject."""
    return Watched(action, subject, request)


def begins_lock(refusal: Refused) -> bool:
    """Whether this answer is the one after which the second factor is locked for a while."""
    return refusal.retry_after is not None and refusal.code not in ("locked", "contended", "too_many_codes")


def _request_id(request: Any) -> str:
    return str(getattr(request, "META", {}).get("HTTP_X_REQUEST_ID", ""))[:REQUEST_ID_MAX]
