"""The audit trail: one line per event on the logger `twinlock.audit`, its fields in `record.twinlock`.

No secret, code, token or password is ever given to it. The fields are written as ASCII JSON, so text that a
user chose can forge no line.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def watched(action: str, subject: str | None, request: Any = None) -> Iterator[None]:
    """Writes `<action>_refused` or `<action>_failed` when the block ends so, and lets the exception go on.

    A fault is the deployment's: a key that is gone, a record that was altered, a store that is down. It is
    logged as an error so that it never looks like a wrong code.
    """
    try:
        yield
    except Refused as refusal:
        fields: dict[str, Any] = {"reason": refusal.code}
        if refusal.retry_after is not None:
            fields["retry_after"] = refusal.retry_after
        event(f"{action}_refused", subject, request=request, level=logging.WARNING, **fields)
        if begins_lock(refusal):
            event("locked", subject, request=request, level=logging.WARNING, **fields)
        raise
    except Fault as fault:
        event(f"{action}_failed", subject, request=request, level=logging.ERROR, reason=fault.code)
        raise


def begins_lock(refusal: Refused) -> bool:
    """Whether this answer is the one after which the second factor is locked for a while."""
    return refusal.retry_after is not None and refusal.code not in ("locked", "contended", "too_many_codes")


def _request_id(request: Any) -> str:
    header = getattr(request, "headers", {}).get("X-Request-ID", "") if request is not None else ""
    return str(header)[:REQUEST_ID_MAX]
