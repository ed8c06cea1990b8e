"""Cancel tasks so that they end: a single cancellation can get lost on its way.

On Python 3.11 asyncio.wait_for drops a cancellation that arrives when its future is done already, and redis-py uses it
for each command; a method may also catch a cancellation and go on. So a task is cancelled again until it has ended, and
`honoured` raises what a library dropped.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Awaitable
from typing import Any, TypeVar

Result = TypeVar("Result")
Task = asyncio.Task[Any]

logger = logging.getLogger("podium")

AGAIN_SECONDS = 1.0
"""Between the later cancellations of a task that goes on."""
TIMES = 10
"""Cancellations, after which a task is reported and left to itself."""
END_SECONDS = 5.0


class Cancellation:
    """The cancellations of one task. They end with the task, or by `stop`.

    times  how often the task was cancelled so far
    """

    __slots__ = ("_message", "_task", "_timer", "times")

    def __init__(self, task: Task, message: str, grace: float) -> None:
        self._task = weakref.ref(task)
        self._message = message
        self.times = 1
        task.cancel(message)
        self._timer = task.get_loop().call_later(grace, self._again)

    def stop(self) -> None:
        """Cancel no more. Safe to call twice."""
        self._timer.cancel()

    def take_back(self) -> bool:
        """Cancel no more, and have the task forget these cancellations. False: somebody else cancelled it as well."""
        self.stop()
        task = self._task()
        if task is None:
            return True
        for _ in range(self.times):
            task.uncancel()
        return task.cancelling() == 0

    def _again(self) -> None:
        task = self._task()
        if task is None or task.done():
            return
        if self.times >= TIMES:
            logger.error("%s goes on after %s cancellations, at %s", task.get_name(), TIMES, _place(task))
            return
        self.times += 1
        task.cancel(self._message)
        self._timer = task.get_loop().call_later(AGAIN_SECONDS, self._again)


def cancel(task: Task, message: str = "", *, grace: float = AGAIN_SECONDS) -> Cancellation:
    """Cancel a task of the running loop now, and again each second while it has not ended.

    grace  seconds that it may clean up before it is cancelled for the second time
    """
    return Cancellation(task, message, grace)


async def end(*tasks: Task, grace: float = AGAIN_SECONDS, seconds: float = END_SECONDS) -> set[Task]:
    """Cancel tasks and wait until they have ended; gives those that have not within so many seconds.

    Raises nothing of theirs.
    """
    running = [task for task in tasks if not task.done()]
    for task in running:
        cancel(task, grace=grace)
    if not running:
        return set()
    _, late = await asyncio.wait(running, timeout=seconds)
    return late


async def honoured(work: Awaitable[Result]) -> Result:
    """Await something of a library that may drop a cancellation of this task; it is then raised afterwards.

    Inside asyncio.timeout() it makes the time-out hold as well.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    result = await work
    if task and task.cancelling() > before:
        raise asyncio.CancelledError
    return result


def _place(task: Task) -> str:
    """The file and line where a task waits."""
    stack = task.get_stack(limit=1)
    return f"{stack[0].f_code.co_filename}:{stack[0].f_lineno}" if stack else "an unknown place"
