"""``inspect``: say what an envelope, a token or an otpauth URI is, without showing what is secret in it."""

from __future__ import annotations

import argparse
import base64
import binascii
import datetime
import json
from typing import TYPE_CHECKING, Any

from twinlock import OtpauthUri, otpauth
from twinlock.cli.inputs import KEYS_VARIABLE, InputProblem, add_command, read_bytes
from twinlock.cli.places import engine_to_look, ring_of_keys

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands

ALGORITHMS = {1: "XChaCha20-Poly1305", 2: "AES-256-GCM"}
NONCES = {1: 24, 2: 12}
HEADER, TAG = 12, 16
TIMES = ("iat", "exp", "nbf", "auth_time", "fam_exp", "refresh_exp")
BY_POLICY = ("enabled", "pending_until", "locked_until", "disabled", "failures_today")
BACKUP_CODES = ("backup_codes_left", "backup_codes_total")


def add_commands(commands: Commands) -> None:
    """Add ``inspect``."""
    parser = add_command(
        commands,
        "inspect",
        "describe a sealed record, a token or an otpauth:// URI, read from a file or standard input",
        "  python -m twinlock inspect record.bin\n"
        f"  {KEYS_VARIABLE}=… python -m twinlock inspect record.bin --subject 42   # all but secrets\n"
        "  python -m twinlock inspect < token.txt",
    )
    parser.add_argument("file", nargs="?", default="-", help="bytes, hexadecimal or base64url (default: -)")
    parser.add_argument("--subject", help=f"open the record of this subject with the keys in {KEYS_VARIABLE}")
    parser.set_defaults(run=inspect)


def inspect(options: argparse.Namespace) -> int:
    """Print what the input is as JSON."""
    data = read_bytes(options.file)
    envelope = _as_envelope(data)
    if envelope is not None:
        _show(_envelope(envelope) if options.subject is None else _state(envelope, options.subject))
        return 0
    text = data.decode("utf-8", "replace").strip()
    if text.lower().startswith("otpauth:"):
        _show({"what": "otpauth URI", **_uri(otpauth.parse(text, minimum="legacy"))})
    elif text.lower().startswith("otpauth-migration:"):
        _show(_export(text))
    elif text.count(".") == 2:
        _show(_token(text))
    else:
        raise InputProblem("the input is neither an envelope nor a token nor an otpauth URI")
    return 0


def _as_envelope(data: bytes) -> bytes | None:
    """Read bytes as they are, hexadecimal (also with PostgreSQL's ``\\x``) or base64url."""
    if data.startswith(b"TL"):
        return data
    text = data.decode("ascii", "replace").strip()
    for decode in (_from_hexadecimal, _from_base64url):
        decoded = decode(text)
        if decoded is not None and decoded.startswith(b"TL"):
            return decoded
    return None


def _from_hexadecimal(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text.removeprefix("\\x"))
    except ValueError:
        return None


def _from_base64url(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None


def _envelope(data: bytes) -> dict[str, Any]:
    overhead = HEADER + NONCES.get(data[3] if len(data) > HEADER else 0, 24) + TAG
    if len(data) < overhead:
        raise InputProblem("the envelope is cut off")
    return {
        "what": "envelope",
        "version": data[2],
        "algorithm": ALGORITHMS.get(data[3], f"unknown ({data[3]})"),
        "key_id": data[4:HEADER].hex(),
        "bytes": len(data),
        "plaintext_bytes": len(data) - overhead,
    }


def _state(record: bytes, subject: str) -> dict[str, Any]:
    """All but secrets. Locks and ends are those of the default policy; times are for people."""
    engine = engine_to_look(ring_of_keys())
    status, stored = engine.status(subject, record), engine.inspect(subject, record)
    judged = {name: getattr(status, name) for name in (*BY_POLICY, *BACKUP_CODES)}
    return {"what": "record", **_dated(judged), "envelope": _envelope(record), **_dated(stored)}


def _dated(facts: Any, name: str = "") -> Any:
    """Write times as dates."""
    if isinstance(facts, dict):
        return {inner: _dated(value, inner) for inner, value in facts.items()}
    if isinstance(facts, list):
        return [_dated(value, name) for value in facts]
    is_time = name == "failures" or name.endswith(("_at", "_until", "forgotten_up_to"))
    return _when(facts) or facts if is_time else facts


def _token(text: str) -> dict[str, Any]:
    header, claims, signature = text.split(".")
    claims_object = _json(claims)
    times = {name: _when(claims_object[name]) for name in TIMES if name in claims_object}
    return {
        "what": "token",
        "verified": False,
        "header": _json(header),
        "claims": claims_object,
        "times": times,
        "signature_bytes": len(_from_base64url(signature) or b""),
    }


def _json(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_from_base64url(part) or b"")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InputProblem("the token's header or claims are not a JSON object in base64url")
    return value


def _when(seconds: object) -> str | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 253402300800:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat()


def _export(text: str) -> dict[str, Any]:
    export = otpauth.parse_migration(text, minimum="legacy")
    return {
        "what": "otpauth export",
        "part": export.batch_index + 1,
        "parts": export.batch_size,
        "accounts": [_uri(account) for account in export.accounts],
    }


def _uri(uri: OtpauthUri) -> dict[str, Any]:
    return {
        "kind": uri.kind,
        "issuer": uri.issuer,
        "account": uri.account,
        "secret": "(hidden)",
        "algorithm": uri.algorithm,
        "digits": uri.digits,
        "period": uri.period,
        "counter": uri.counter,
    }


def _show(facts: dict[str, Any]) -> None:
    print(json.dumps(facts, indent=2, ensure_ascii=False))
