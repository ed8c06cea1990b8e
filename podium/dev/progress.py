"""Progress lines during a start, so that it is never silent for long. Standard library only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

SECONDS = 2.0
"""Time between two lines about work in progress."""


class Progress:
    """Print each phase, and repeat it while it lasts. A context manager: nothing is printed after its end."""

    def __init__(self, say: Callable[[str], None], seconds: float = SECONDS) -> None:
        self._say, self._seconds = say, seconds
        self._phase, self._since = "", 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def phase(self, text: str) -> None:
        """Print that a phase begins. "" pauses until the next one."""
        self._phase, self._since = text, time.monotonic()
        if text:
            self._say(f"{text} ...")

    def _repeat(self) -> None:
        while not self._ended.wait(self._seconds):
            if self._phase:
                self._say(f"  {self._phase}: {time.monotonic() - self._since:.0f} s")
