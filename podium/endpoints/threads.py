"""Threads for the blocking work of calls: one fixed pool per process, with ENDPOINTS_THREADS threads.

A database connection returns to Django's pool after each piece of work, so a waiting call holds none.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from functools import cache, cached_property, partial
from typing import Any, TypeVar

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.db import close_old_connections, connections

from podium.endpoints.conf import conf
from podium.reads import fast as reads

logger = logging.getLogger("podium.calls")

Result = TypeVar("Result")

in_callers_thread: ContextVar[bool] = ContextVar("in_callers_thread", default=False)
"""Set by tests: all work runs in the calling thread, on its connection and in its transaction."""


def run(function: Callable[[], Result]) -> Awaitable[Result]:
    """Run a function on a thread, in one hop, with a copy of the context."""
    if in_callers_thread.get():
        return sync_to_async(function)()
    context = contextvars.copy_context()
    return asyncio.get_running_loop().run_in_executor(_pool(), context.run, _returning, function)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(conf.THREADS, thread_name_prefix="endpoints")


def _returning(function: Callable[[], Result]) -> Result:
    try:
        return function()
    finally:
        if _in_transaction():  # entered, but never left: no other call may find it
            _close_all()
        else:
            close_old_connections()  # with CONN_MAX_AGE=0: back to the pool


class SerialExecutor(Executor):
    """Runs the blocking work of one async call or stream: its ORM calls, one after the other, each on any free thread.

    Work that leaves something open on its connection (a transaction, the server-side cursor of `aiterator()`) keeps
    thread and connection until that is closed or the call ends, because it works nowhere else.
    """

    def __init__(self) -> None:
        self._running = False
        self._ended = False
        self._is_open = False
        self._reads: contextvars.Token[Callable[[], bool] | None] | None = None
        self._entered: contextvars.Token[ThreadSensitiveContext] | None = None

    # Most calls submit nothing, and these two are most of the memory. They are first used in submit().

    @cached_property
    def _changed(self) -> threading.Condition:
        return threading.Condition()

    @cached_property
    def _work(self) -> deque[tuple[Future[Any], Callable[[], Any]]]:
        return deque()

    def enter(self) -> None:
        """Make asgiref send the ORM calls of this context here from now on."""
        context = ThreadSensitiveContext()
        SyncToAsync.context_to_thread_executor[context] = self  # weak: removed with the context
        self._entered = SyncToAsync.thread_sensitive_context.set(context)
        if not in_callers_thread.get():
            self._reads = reads.holds_connection.set(self.holds_connection)

    def holds_connection(self) -> bool:
        """Return whether a transaction or a cursor is open here: reads on other connections would not see its data."""
        return self._is_open

    def leave(self) -> None:
        """Close everything that the ended call left open. Its background tasks may continue."""
        if self._entered is not None:
            with suppress(ValueError):  # a stream may be closed by another task than the one that opened it
                SyncToAsync.thread_sensitive_context.reset(self._entered)
                if self._reads is not None:
                    reads.holds_connection.reset(self._reads)
        self._ended = True
        if self._running:  # set before `_ended` is checked there
            with self._changed:
                self._changed.notify()

    async def run(self, function: Callable[[], Result]) -> Result:
        """Run a function here, in the context of the caller."""
        if in_callers_thread.get():
            return await sync_to_async(function)()
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self, context.run, function)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit work, like other executors; asgiref and asyncio call it."""
        future: Future[Any] = Future()
        with self._changed:
            self._work.append((future, partial(function, *args, **kwargs)))
            if self._running:
                self._changed.notify()
            else:
                self._running = True
                _pool().submit(self._run)
        return future

    def _run(self) -> None:
        """Do the queued work on a thread of the pool; stay there while something is open on its connection."""
        cursors = _cursors_opened()
        is_open = False
        while True:
            future, work = self._work.popleft()
            if future.set_running_or_notify_cancel():
                outcome = _outcome(work)
                self._is_open = is_open = _in_transaction() or _cursors_opened() != cursors
                if not is_open:
                    _give_back()
                outcome(future)
            with self._changed:
                while is_open and not self._work and not self._ended:
                    self._changed.wait()
                if not self._work:
                    self._running = False
                    break
        if is_open:
            _close_all()


def _outcome(work: Callable[[], Any]) -> Callable[[Future[Any]], None]:
    """Do the work; return a function that sets the outcome in its future."""
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001  raised again where the future is awaited
        return partial(_fail, error)
    return lambda future: future.set_result(result)


def _fail(error: BaseException, future: Future[Any]) -> None:
    future.set_exception(error)


def _give_back() -> None:
    """Return the connections to the pool. Errors here must not keep the caller from getting the result."""
    try:
        close_old_connections()
    except Exception:
        logger.exception("a database connection could not be returned to the pool")


def _in_transaction() -> bool:
    return any(each.in_atomic_block for each in connections.all(initialized_only=True))


def _cursors_opened() -> int:
    """The number of server-side cursors that this thread's connections have opened; Django counts them to name them."""
    return sum(getattr(each, "_named_cursor_idx", 0) for each in connections.all(initialized_only=True))


def _close_all() -> None:
    for each in connections.all(initialized_only=True):
        each.close()
        del connections[each.alias]  # it may still consider itself in a transaction
