"""Cancel tasks so that they really end: a single cancellation can get lost.

On Python 3.11, asyncio.wait_for drops a cancellation that arrives when its future is already done, and redis-py uses it
for each command. A method may also catch a cancellation and continue. So a task is cancelled repeatedly until it ends,
and `honoured` raises cancellations that a library dropped.
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
"""Time between repeated cancellations."""
TIMES = 10
"""After this many cancellations the task is logged and left alone."""
END_SECONDS = 5.0


class Cancellation:
    """The cancellations of one task. They stop when the task ends or `stop` is called.

    times  how often the task has been cancelled
    """

    __slots__ = ("_message", "_task", "_timer", "times")

    def __init__(self, task: Task, message: str, grace: float) -> None:
        self._task = weakref.ref(task)
        self._message = message
        self.times = 1
        task.cancel(message)
        self._timer = task.get_loop().call_later(grace, self._again)

    def stop(self) -> None:
        """Stop cancelling. Safe to call twice."""
        self._timer.cancel()

    def take_back(self) -> bool:
        """Stop cancelling, and undo these cancellations. Return False if the task was also cancelled elsewhere."""
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
    """Cancel a task of the running loop now, and again every second until it ends.

    grace  seconds for clean-up before the second cancellation
    """
    return Cancellation(task, message, grace)


async def end(*tasks: Task, grace: float = AGAIN_SECONDS, seconds: float = END_SECONDS) -> set[Task]:
    """Cancel tasks and wait up to `seconds` for them to end. Return those that are still running.

    Exceptions of the tasks are not raised.
    """
    running = [task for task in tasks if not task.done()]
    for task in running:
        cancel(task, grace=grace)
    if not running:
        return set()
    _, late = await asyncio.wait(running, timeout=seconds)
    return late


async def honoured(work: Awaitable[Result]) -> Result:
    """Await a library call that may drop a cancellation of this task. A dropped cancellation is raised afterwards.

    This also makes asyncio.timeout() reliable around the call.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    result = await work
    if task and task.cancelling() > before:
        raise asyncio.CancelledError
    return result


def _place(task: Task) -> str:
    """The file and line where a task is waiting."""
    stack = task.get_stack(limit=1)
    return f"{stack[0].f_code.co_filename}:{stack[0].f_lineno}" if stack else "an unknown place"
