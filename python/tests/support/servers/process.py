"""What every private server does: start, wait, be stopped in the ways servers end, clean up."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Any

from running_site import die_with_parent
from typing_extensions import Self

START_SECONDS = 30
STOP_SECONDS = 15
UNPRIVILEGED = ("postgres", "nobody")  # no server has to run as root, and PostgreSQL refuses to


class PrivateServer(ABC):
    """`with …Server() as server:` It keeps folder and port while it is stopped and started again."""

    name = "server"
    stop_signal = signal.SIGTERM
    """The signal that ends it in good order, without waiting for clients."""
    abandon_signal = signal.SIGKILL
    """The signal that ends it and its processes at once, when nobody needs its data any more."""

    def __init__(self) -> None:
        self.port = 0
        self.folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str | Path]:
        """What to run."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes requests."""

    def prepare(self) -> None:  # noqa: B027 - most servers need nothing
        """What has to be in the folder before the first start."""

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix=f"twinlock-{self.name}-"))
        try:
            self.give(self.folder)
            self.prepare()
            self.port = _free_port()
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, preexec_fn=die_with_parent, **self.identity()
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self.answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not start:\n{(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stops it in good order."""
        self._stop(self.stop_signal)

    def crash(self) -> None:
        """Kills the server and all of its processes: none can finish what it does."""
        if self._process is None:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        self._process.send_signal(signal.SIGSTOP)  # so that it starts nothing anew meanwhile
        for pid in map(int, children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._stop(signal.SIGKILL)

    def identity(self) -> dict[str, Any]:
        """Who the server runs as, for `subprocess`; its home is its own folder."""
        where = {"cwd": self.folder}
        if os.geteuid() != 0:
            return where
        for name in UNPRIVILEGED:
            try:
                group = pwd.getpwnam(name).pw_gid
            except KeyError:
                continue
            return {**where, "user": name, "group": group, "extra_groups": []}
        raise RuntimeError(f"{self.name} needs an unprivileged user to run as")

    def give(self, path: Path) -> None:
        """Makes a file or folder the server's own."""
        if user := self.identity().get("user"):
            owner = pwd.getpwnam(user)
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def _stop(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _remove(self) -> None:
        self._stop(self.abandon_signal)
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
