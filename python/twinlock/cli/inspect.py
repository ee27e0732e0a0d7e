"""``inspect``: say what an envelope, a token or an otpauth URI is, without showing what is secret in it."""

from __future__ import annotations

import argparse
import base64
import binascii
import datetime
import json
import os
from typing import TYPE_CHECKING, Any

from twinlock import Engine, KeyRing, Policy, Status, otpauth
from twinlock.cli.inputs import KEYS_VARIABLE, InputProblem, add_command, read_bytes

if TYPE_CHECKING:
    from twinlock.cli.inputs import Commands

ALGORITHMS = {1: "XChaCha20-Poly1305"}
HEADER, NONCE, TAG = 12, 24, 16
TIMES = ("iat", "exp", "nbf", "auth_time")


def add_commands(commands: Commands) -> None:
    """Add ``inspect``."""
    parser = add_command(
        commands,
        "inspect",
        "describe a sealed record, a token or an otpauth:// URI, read from a file or standard input",
        "  python -m twinlock inspect record.bin\n"
        f"  {KEYS_VARIABLE}=… python -m twinlock inspect record.bin --subject 42   # the state as JSON\n"
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
        _show(_uri(text))
    elif text.count(".") == 2:
        _show(_token(text))
    else:
        raise InputProblem("the input is neither an envelope nor a token nor an otpauth:// URI")
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
    if len(data) < HEADER + NONCE + TAG:
        raise InputProblem("the envelope is cut off")
    return {
        "what": "envelope",
        "version": data[2],
        "algorithm": ALGORITHMS.get(data[3], f"unknown ({data[3]})"),
        "key_id": data[4:HEADER].hex(),
        "bytes": len(data),
        "plaintext_bytes": len(data) - HEADER - NONCE - TAG,
    }


def _state(record: bytes, subject: str) -> dict[str, Any]:
    keys = os.environ.get(KEYS_VARIABLE)
    if not keys:
        raise InputProblem(f"{KEYS_VARIABLE} holds no keys to open the record with")
    engine = Engine(KeyRing.parse(keys), Policy(issuer="inspect"))
    return {"what": "record", **_plain(engine.status(subject, record))}


def _plain(status: Status) -> dict[str, Any]:
    fields = {name: getattr(status, name) for name in _names(status) if name != "devices"}
    devices = [{name: getattr(device, name) for name in _names(device)} for device in status.devices]
    return {**fields, "devices": devices}


def _names(thing: object) -> list[str]:
    return [name for name in dir(thing) if not name.startswith("_")]


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


def _uri(text: str) -> dict[str, Any]:
    uri = otpauth.parse(text, minimum="legacy")
    return {
        "what": "otpauth URI",
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
