"""The reference site as a child process: gunicorn on a free loopback port, stopped when the block ends.

The demo and the tests against the running site use it; nothing of it is needed to deploy the site.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).resolve().parent
START_SECONDS = 30
STOP_SECONDS = 15


def die_with_parent() -> None:
    """In a child before exec: on Linux, be told to stop when the parent is gone, however it went."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


class RunningSite:
    """`with RunningSite(folder) as site:` … `site.url`. Everything it writes goes to `folder`.

    `env` adds to the environment, for example `SITE_DATABASE_URL`.
    """

    def __init__(
        self, folder: Path, *, workers: int = 1, threads: int = 4, env: dict[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.log = folder / "site.log"
        self.port = 0
        self._workers = workers
        self._threads = threads
        own = {"SITE_VAR": str(folder), "PYTHONPATH": str(HERE), "DJANGO_SETTINGS_MODULE": "site_.settings"}
        self._env = os.environ | own | (env or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the site, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str) -> str:
        """Runs a management command in the site's environment and returns what it printed."""
        command = [sys.executable, str(HERE / "manage.py"), *arguments]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self) -> "RunningSite":
        self.manage("migrate", "--verbosity", "0")
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
            self.port = listener.getsockname()[1]
            self._process = self._start(listener.fileno())
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stops the server and its workers and waits until they are gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def log_tail(self, lines: int = 30) -> str:
        """The end of the server's log, for a message about what went wrong."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _start(self, listener: int) -> subprocess.Popen[bytes]:
        # The socket is bound here and handed down: no other program can take the port in between.
        options = f"--bind=fd://{listener} --workers={self._workers} --threads={self._threads}".split()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            *options,
            "--preload",
            "--graceful-timeout=5",
            "site_.wsgi",
        ]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=HERE,
                env=self._env,
                stdout=log,
                stderr=log,
                pass_fds=[listener],
                preexec_fn=die_with_parent,
            )

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.url + "/", timeout=START_SECONDS):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise RuntimeError(f"the site did not start:\n{self.log_tail()}")
