"""Outcomes that could not be written because the database was unavailable. They are written when it is back.

They are kept in the worker process's memory. If that process is killed before the database is back, the job counts as
one whose worker died, and runs again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger("podium.tasks")

DATABASE_AWAY = (OperationalError, InterfaceError)
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0
STOP_SECONDS = 20
"""Maximum time that an ending process waits for the database."""

Write = Callable[[], object]


class Keeper:
    """The unwritten outcomes of one process, and the thread that writes them."""

    def __init__(self) -> None:
        self._waiting: deque[Write] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def keep(self, write: Write) -> None:
        """Call `write` on another thread until it no longer raises DATABASE_AWAY."""
        with self._lock:
            self._waiting.append(write)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="task-outcomes", daemon=True)
                self._thread.start()

    def stop(self, seconds: float) -> None:
        """Wait until all kept outcomes are written, or the time is over."""
        if (thread := self._thread) is not None:
            thread.join(seconds)
        if self._waiting:
            logger.error(
                "%d task outcomes were not written: no database. These jobs will run again",
                len(self._waiting),
            )

    def _run(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        wait = threading.Event()
        while self._write_next():
            wait.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _write_next(self) -> bool:
        """Write as many as possible. Return False, and end the thread, when nothing is left."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return False
            try:
                self._waiting[0]()
            except DATABASE_AWAY:
                return True
            except Exception:
                logger.exception("the outcome of a task could not be written")
            finally:
                with suppress(*DATABASE_AWAY):
                    connection.close()
            self._waiting.popleft()


_keeper = Keeper()


def keep(write: Write) -> None:
    """Write an outcome as soon as the database is available."""
    _keeper.keep(write)


def stop(**kwargs: object) -> None:
    """Wait for kept outcomes to be written. Called when a worker process ends."""
    _keeper.stop(STOP_SECONDS)
