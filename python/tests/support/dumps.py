"""Everything that a site keeps, as bytes: what somebody has with a backup or a cache server."""

from __future__ import annotations

import base64
import json
import os
import subprocess

import redis
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

DUMPS = {
    "postgresql": (["pg_dump", "--inserts"], "PGPASSWORD", "-U"),
    "mysql": (["mariadb-dump", "--no-tablespaces"], "MYSQL_PWD", "-u"),
}


def database() -> bytes:
    """Every byte that the database keeps: SQLite by its file and its SQL, the others by their dump."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        with open(config["NAME"], "rb") as file:
            return file.read() + "\n".join(connection.connection.iterdump()).encode()
    tool, password, user = DUMPS[connection.vendor]
    found = [("-h", "HOST"), ("-P" if user == "-u" else "-p", "PORT"), (user, "USER")]
    where = [text for flag, key in found if config[key] for text in (flag, str(config[key]))]
    command = [*tool, *where, config["NAME"]]
    env = {**os.environ, password: config["PASSWORD"]}
    return subprocess.run(command, env=env, check=True, capture_output=True).stdout


def sessions() -> bytes:
    """What is in the sessions of the database, which Django packs and compresses."""
    return b"\n".join(json.dumps(row.get_decoded()).encode() for row in Session.objects.all())


def local_cache() -> bytes:
    """The names and pickled values in the cache of this process."""
    return b"\n".join(part for name, value in cache._cache.items() for part in (name.encode(), value))


def redis_cache(url: str) -> bytes:
    """The names and values in a Redis."""
    with redis.Redis.from_url(url) as client:
        return b"\n".join(part for name in client.keys("*") for part in (name, client.get(name) or b""))


def places_of(canary: str, haystacks: dict[str, bytes]) -> set[str]:
    """Where a text is, as it is, in hexadecimal or in Base64."""
    raw = canary.encode()
    forms = [raw, raw.hex().encode(), base64.b64encode(raw).rstrip(b"=")[:-1]]
    return {place for place, haystack in haystacks.items() for form in forms if form in haystack}
