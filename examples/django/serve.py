"""`make serve`: the reference site for a browser on this machine, until Ctrl-C.

Its database and keys stay in `var`, so accounts are there again the next time.
"""

import os
import secrets
import socket
import sys
from pathlib import Path

import django
from django.core.management import call_command

HERE = Path(__file__).resolve().parent


def main(port: int) -> None:
    """Prepares the database and the demo account, then becomes the server."""
    _stop_if_taken(port)
    os.chdir(HERE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    name, password = _demo_account()
    print(f"Twinlock's reference site: http://127.0.0.1:{port}/  (Ctrl-C stops it)")
    print(f"Sign up with any name, or sign in as '{name}' with the password '{password}'.", flush=True)
    options = f"--bind=127.0.0.1:{port} --workers=2 --threads=4 --log-level=warning".split()
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *options, "site_.wsgi"])


def _stop_if_taken(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        sys.exit(f"error: port {port} cannot be used ({error.strerror}); try: make serve PORT={port + 1}")


def _demo_account() -> tuple[str, str]:
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from site_.keys import kept

    name = "demo"
    password = kept(settings.VAR / "demo_password", lambda: secrets.token_urlsafe(9))
    users = get_user_model().objects
    if not users.filter(username=name).exists():
        users.create_user(name, "demo@example.com", password)
    return name, password


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000)
