"""What the two Redis stores share: the script, options of their own clients, what is asked of a server."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

# The version is compared as text and the next one comes from the caller: Lua's numbers are floating-point.
SCRIPT: Final = """\
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'record', ARGV[3])
redis.call('PERSIST', KEYS[1])
return 1
"""
SCRIPT_ID: Final = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()
FIELDS: Final = ["record", "version"]


class TooFewReplicas(Exception):
    """A save reached the primary, but fewer replicas than asked for took it in time."""


def own_options(timeout: float) -> dict[str, Any]:
    """How clients of the store's own are made, besides the driver's own class of retries."""
    return {"socket_timeout": timeout, "socket_connect_timeout": timeout}


def refuse_decoding(client: Any) -> None:
    """Records are bytes; a client that decodes answers would fail on them or alter them."""
    if client.get_connection_kwargs().get("decode_responses"):
        raise ValueError("the client must leave answers as bytes: decode_responses must be off")


def arguments(key: str, record: bytes, expected_version: int) -> tuple[str | int | bytes, ...]:
    """What follows the script in EVAL and EVALSHA."""
    return (1, key, expected_version, expected_version + 1, bytes(record))


def found(row: list[bytes | None]) -> tuple[bytes, int] | None:
    """What a load returns for the two fields."""
    record, version = row
    return None if record is None or version is None else (bytes(record), int(version))


def pattern(prefix: str) -> str:
    """What SCAN is to match: the prefix to the letter, then anything."""
    return re.sub(r"([\\*?\[\]])", r"\\\1", prefix) + "*"


def subject_of(key: bytes, prefix: str) -> str:
    """The subject whose record is under that key."""
    return key.decode()[len(prefix) :]


def require_replicas(reached: int, wanted: int) -> None:
    """Raise unless so many replicas have the save."""
    if reached < wanted:
        raise TooFewReplicas(f"{reached} of {wanted} replicas took the record in time")


def worries(info: dict[str, Any], settings: dict[str, Any] | None) -> list[str]:
    """What is wrong with the server, a sentence each. `settings` is ``None`` where it does not tell them."""
    said = []
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy.startswith("allkeys"):
        said.append(f"maxmemory-policy is {policy}: when memory runs out, second factors vanish")
    if info.get("role") != "master":
        said.append("this is a replica: records must be read from and written to the primary")
    if not int(info.get("aof_enabled", 0)):
        said.append("appendonly is off: a restart brings spent codes back or loses second factors")
    elif settings is None:
        said.append("the server does not tell appendfsync: it must be always or everysec")
    elif settings.get("appendfsync") == "no":
        said.append("appendfsync is no: a crash of the machine can bring spent codes back")
    return said
