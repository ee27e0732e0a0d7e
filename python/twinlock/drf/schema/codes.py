"""The HTTP status and a sentence for each `code` that an error's body can have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from twinlock._twinlock import ERROR_CODES

from ..errors import status_of

OWN = {
    "parse_error": (400, "The body is not what its Content-Type says."),
    "not_authenticated": (401, "No access token was shown."),
    "authentication_failed": (401, "The credentials that were shown do not count."),
    "bad_authorization_header": (401, "The Authorization header has not two parts."),
    "token_not_valid": (401, "The token is altered, expired, of another kind, or its session is over."),
    "user_not_found": (401, "The token's user does not exist any more."),
    "user_inactive": (401, "The token's user may not sign in any more."),
    "invalid_credentials": (401, "The name or the password is wrong, or the user may not sign in."),
    "reauthentication_required": (403, "The sign-in is too old for this; sign in again."),
    "not_found": (404, "There is no such thing, or it is another user's."),
    "http_method_not_allowed": (405, "The endpoint does not know the method; `Allow` names those it knows."),
    "not_acceptable": (406, "The answer cannot be of the type that the client accepts."),
    "body_too_large": (413, "The body is larger than 64 KiB."),
    "unsupported_media_type": (415, "Bodies of this type are not read."),
    "throttled": (429, "Too many requests; `Retry-After` says when to come back."),
    "throttle_unavailable": (503, "Requests cannot be counted, so none is let through."),
}
"""What is not in the core's table: DRF's names, simplejwt's names and the app's own."""

FAULTS = tuple(name for name, (number, _) in ERROR_CODES.items() if number < 0 and name != "panic")
"""What an operator has to mend: any of them is a 503."""


class Code(NamedTuple):
    """One code: the status of the answer that has it, and what it means."""

    name: str
    status: int
    meaning: str


def code(name: str) -> Code:
    """The code of that name."""
    if name in OWN:
        return Code(name, *OWN[name])
    number, meaning = ERROR_CODES[name]
    return Code(name, status_of(name) if number > 0 else 503, meaning)


def by_status(names: Iterable[str]) -> dict[int, list[Code]]:
    """The codes of those names, each once, under their statuses in order."""
    found: dict[int, list[Code]] = {}
    for each in sorted({code(name) for name in names}, key=lambda code: code.status):
        found.setdefault(each.status, []).append(each)
    return {status: sorted(codes) for status, codes in found.items()}
