"""Runs methods: within their quotas and the middleware, async ones on the event loop, sync ones on a thread.

Nobody calls this directly: dispatch.enter checks a call first.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

from podium.access import results
from podium.core import observe
from podium.endpoints import middleware, quotas, threads
from podium.endpoints.calls import Call
from podium.endpoints.conf import conf
from podium.endpoints.errors import BadResult, InvisibleResult
from podium.endpoints.rates import Quota
from podium.endpoints.targets import Target

logger = logging.getLogger("podium.calls")

_END = object()


def invoke(target: Target, call: Call, arguments: Mapping[str, Any]) -> Coroutine[Any, Any, Any]:
    """Run a method that returns one result. For one that returns a stream: `values`.

    Async methods run on the event loop, their ORM calls on threads (podium/endpoints/threads.py). Sync ones take one
    hop to a thread. No thread and no connection is held by a method that only waits.
    """
    _mark_unlogged(target)
    limits = quotas.of_method(target.entry.quotas)
    if not limits and not conf.MIDDLEWARE:
        return _run(target, call, arguments)
    return _guarded(target, call, limits, tuple(conf.MIDDLEWARE), partial(_run, target, call, arguments))


def values(
    target: Target, call: Call, arguments: Mapping[str, Any]
) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
    """Run a method that returns a stream: its values are available within the block, and its end closes the method.

    Yields the iterator that the method returned itself, so that the sender of the values can check its type.
    """
    _mark_unlogged(target)
    limits = quotas.of_method(target.entry.quotas)
    if not limits and not conf.MIDDLEWARE:
        return _values(target, call, arguments)
    run = partial(_values, target, call, arguments)
    return _guarded_values(target, call, limits, tuple(conf.MIDDLEWARE), run)


def _mark_unlogged(target: Target) -> None:
    if target.entry.unlogged and (span := observe.current()) is not None:
        span.recorded = False


async def _guarded(
    target: Target,
    call: Call,
    limits: Sequence[Quota],
    paths: tuple[str, ...],
    run: Callable[[], Awaitable[Any]],
) -> Any:
    """Run a method within its quotas and the middleware, whose ORM calls use an executor like the method's own."""
    executor = threads.SerialExecutor()
    executor.enter()
    try:
        if limits:
            await quotas.count(target.name, call, limits)
        return await middleware.around(paths, call, run)
    finally:
        executor.leave()


@asynccontextmanager
async def _guarded_values(
    target: Target,
    call: Call,
    limits: Sequence[Quota],
    paths: tuple[str, ...],
    run: Callable[[], AbstractAsyncContextManager[AsyncIterator[Any]]],
) -> AsyncIterator[AsyncIterator[Any]]:
    """The same for a stream."""

    async def proceed() -> AsyncIterator[Any]:
        return _one_by_one(run())

    executor = threads.SerialExecutor()
    executor.enter()
    try:
        if limits:
            await quotas.count(target.name, call, limits)
        if paths:
            iterator = await middleware.around(paths, call, proceed)
            try:
                yield iterator
            finally:
                await _close_iterator(iterator)
        else:
            async with run() as iterator:
                yield iterator
    finally:
        executor.leave()


async def _one_by_one(values: AbstractAsyncContextManager[AsyncIterator[Any]]) -> AsyncIterator[Any]:
    """A stream as an iterator, for middleware: the method is closed after the last value."""
    async with values as iterator:
        async for value in iterator:
            yield value


async def _close(call: Call) -> None:
    """Run the callbacks that the method registered with on_close."""
    for callback in call.closing or ():
        try:
            if inspect.iscoroutinefunction(callback):
                await callback()
            else:
                await threads.run(callback)
        except Exception:
            logger.exception("%s.%s: a callback of on_close failed", call.endpoint, call.method)


async def _close_iterator(iterator: Any) -> None:
    if close := getattr(iterator, "aclose", None):  # plain iterators have none
        await close()


def _run(target: Target, call: Call, arguments: Mapping[str, Any]) -> Coroutine[Any, Any, Any]:
    run = _on_the_loop if target.is_async else _on_a_thread
    result = run(target.entry.function, call, arguments)
    return _checked(target, call, result) if _are_checked(target) else result


def _are_checked(target: Target) -> bool:
    return not target.entry.unchecked_results and results.are_checked()


async def _check_rows(target: Target, call: Call, value: Any) -> None:
    """Check the rows in a result. Raises InvisibleResult."""
    rows = results.rows_in(value)
    if rows and (fault := await threads.run(partial(results.fault, rows, call))):
        raise InvisibleResult(f"{target.name} returned {fault}")


async def _checked(target: Target, call: Call, result: Awaitable[Any]) -> Any:
    """The result of a method, after a check of the rows in it (development and tests)."""
    value = await result
    await _check_rows(target, call, value)
    return value


async def _on_a_thread(function: Callable[..., Any], call: Call, arguments: Mapping[str, Any]) -> Any:
    try:
        return await threads.run(partial(function, call, **arguments))
    finally:
        if call.closing is not None:
            await _close(call)


async def _on_the_loop(
    function: Callable[..., Awaitable[Any]], call: Call, arguments: Mapping[str, Any]
) -> Any:
    executor = threads.SerialExecutor()
    executor.enter()
    try:
        return await function(call, **arguments)
    finally:
        if call.closing is not None:
            await _close(call)
        executor.leave()


@asynccontextmanager
async def _values(
    target: Target, call: Call, arguments: Mapping[str, Any]
) -> AsyncIterator[AsyncIterator[Any]]:
    executor = threads.SerialExecutor()
    if target.is_async:
        executor.enter()
    try:
        iterator = await _iterator(target, executor, call, arguments)
        try:
            # Messages that are relayed are not checked: one object is for all who listen.
            is_checked = inspect.isasyncgen(iterator) and _are_checked(target)
            yield _each_checked(target, call, iterator) if is_checked else iterator
        finally:
            await _close_iterator(iterator)
    finally:
        if call.closing is not None:
            await _close(call)
        executor.leave()


async def _each_checked(target: Target, call: Call, values: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """The values of a stream, each after a check of the rows in it (development and tests)."""
    async for value in values:
        await _check_rows(target, call, value)
        yield value


async def _iterator(
    target: Target, executor: threads.SerialExecutor, call: Call, arguments: Mapping[str, Any]
) -> AsyncIterator[Any]:
    """Return the result of a method that streams as an async iterator, however the method is written."""
    function = target.entry.function
    if target.is_async:
        found = function(call, **arguments)
        if inspect.iscoroutine(found):
            found = await found
    else:
        found = await executor.run(partial(function, call, **arguments))
    if isinstance(found, AsyncIterator):
        return found
    if not target.is_async and isinstance(found, Iterable):
        return _from_threads(executor, found)
    raise BadResult(
        f"{target.name} is declared to return {target.method.returns}, but returned {found!r:.80}"
    )


async def _from_threads(executor: threads.SerialExecutor, source: Iterable[Any]) -> AsyncIterator[Any]:
    iterator = await executor.run(lambda: iter(source))
    try:
        while (value := await executor.run(partial(next, iterator, _END))) is not _END:
            yield value
    finally:
        if inspect.isgenerator(iterator):
            await executor.run(iterator.close)
