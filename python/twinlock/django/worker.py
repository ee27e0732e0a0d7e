"""One daemon thread that runs jobs in order: started by the first job, anew after a fork; a bounded queue."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable
from queue import Queue

from django.db import connections

Job = Callable[[], None]

WAITING_MAX = 1000
EXIT_SECONDS = 5.0


class Worker:
    """Runs jobs that raise nothing. `put` raises `queue.Full` rather than wait or grow without end."""

    _lock: threading.Lock
    _jobs: Queue[Job]
    _thread: threading.Thread | None

    def __init__(self) -> None:
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def put(self, job: Job) -> None:
        """Queues a job."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(self._jobs,), name="twinlock-mail", daemon=True
                )
                self._thread.start()
                atexit.register(self.drain, EXIT_SECONDS)
        self._jobs.put_nowait(job)

    def drain(self, seconds: float) -> bool:
        """Waits until all jobs are done, at most so long; says whether they are."""
        end = time.monotonic() + seconds
        while self._jobs.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)
        return not self._jobs.unfinished_tasks

    def _reset(self) -> None:
        # A forked child has neither the thread nor a claim on the parent's jobs.
        self._lock = threading.Lock()
        self._jobs = Queue(WAITING_MAX)
        self._thread = None

    @staticmethod
    def _run(jobs: Queue[Job]) -> None:
        while True:
            job = jobs.get()
            try:
                job()
            finally:
                connections.close_all()
                jobs.task_done()
