"""One system in a process of its own: `worker.py prepare <users> <file>` and `worker.py run <file>`.

`run` reads "go <first> <count>" lines and answers each with the seconds of processor time that so many second
steps took, called through the WSGI application without a server; "queries <n>" counts one step's statements.
"""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import project
import pyotp


def prepare(count: int, file: Path) -> None:
    """Makes the tables, the users and one request body for each."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    model = get_user_model()
    made = [model(username=f"user{number}") for number in range(count)]
    users = model.objects.bulk_create(made)
    file.write_text(json.dumps(project.system.prepare(users)))


def run(file: Path) -> None:
    """Answers the driver until it closes the pipe."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    prepared = json.loads(file.read_text())
    for line in sys.stdin:
        word, *numbers = line.split()
        if word == "queries":
            (body,) = _answered(prepared, int(numbers[0]), 1)
            print(_queries(application, body), flush=True)
            continue
        bodies = _answered(prepared, *map(int, numbers))
        began = time.process_time()
        for body in bodies:
            _post(application, body)
        print(time.process_time() - began, flush=True)


def _answered(prepared: list[Any], first: int, count: int) -> list[bytes]:
    """The bodies with the codes of this moment."""
    found = prepared[first : first + count]
    return [
        json.dumps({**body, project.system.CODE: pyotp.TOTP(secret).now()}).encode() for secret, body in found
    ]


def _queries(application: Any, body: bytes) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _post(application, body)
    ignored = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(ignored) for query in captured.captured_queries)


def _post(application: Any, body: bytes) -> None:
    said = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": project.system.PATH,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    answer = application(environ, lambda status, _: said.append(status))
    content = b"".join(answer)
    answer.close()
    if not said[0].startswith("200") or b"access" not in content:
        raise SystemExit(f"a second step failed: {said[0]} {content!r}")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        run(Path(sys.argv[2]))
