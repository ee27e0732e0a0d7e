"""Which database the site uses: `SITE_DATABASE_URL` where it is set, otherwise a SQLite file."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite for several processes: readers do not block, and a writer waits for its turn from the start."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }


def server(url: str) -> dict[str, Any]:
    """PostgreSQL, MariaDB or MySQL from `postgresql://user:password@host:port/name` or `mysql://…`."""
    parts = urlsplit(url)
    schemes = {"postgres": "postgresql", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
    if parts.scheme not in schemes:
        raise ValueError("SITE_DATABASE_URL must start with postgresql:// or mysql://")
    return {
        "ENGINE": f"django.db.backends.{schemes[parts.scheme]}",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }
