"""Cancellation of tasks. A single one can get lost: in a library on Python 3.11, or in code that catches it."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN_SECONDS = 5.0
TIMES = 10


def cancel(task: asyncio.Task[Any], times: int = TIMES) -> None:
    """Cancel a task of the running loop, and again every five seconds while it runs, at most ten times."""
    if times and not task.done():
        task.cancel()
        task.get_loop().call_later(AGAIN_SECONDS, cancel, task, times - 1)
