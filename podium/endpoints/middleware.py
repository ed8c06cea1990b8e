"""Middleware around every call and stream: the functions of ENDPOINTS_MIDDLEWARE, the first one outermost.

async def timed(call: Call, proceed: Proceed) -> Any:
    return await proceed()         # the method's result; for a stream its values, an async iterator

def closed_at_night(call: Call) -> Any:
    raise Closed                   # refuses the call; a result other than None is the answer

An async function wraps the call. A plain function runs before it on a thread, which is free again when the method runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from podium.endpoints import threads
from podium.endpoints.calls import Call

Proceed = Callable[[], Awaitable[Any]]
"""Runs the rest: the next middleware, then the method."""
Middleware = Callable[[Call, Proceed], Awaitable[Any]]


@cache
def load(paths: tuple[str, ...]) -> tuple[Middleware, ...]:
    """The functions at these dotted paths. Raises ImproperlyConfigured, which names the one that can't be used."""
    return tuple(_middleware(path) for path in paths)


async def around(paths: tuple[str, ...], call: Call, run: Proceed) -> Any:
    """The result of the first middleware, which may call the next one; the last one calls `run`."""
    proceed = run
    for each in reversed(load(paths)):
        proceed = partial(each, call, proceed)
    return await proceed()


def _middleware(path: str) -> Middleware:
    try:
        function = import_string(path)
        parameters = len(inspect.signature(function).parameters)
    except (ImportError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"ENDPOINTS_MIDDLEWARE: {path!r} can't be used: {error}") from error
    is_async = inspect.iscoroutinefunction(function)
    if parameters != (2 if is_async else 1):
        raise ImproperlyConfigured(
            f"ENDPOINTS_MIDDLEWARE: {path!r} takes {parameters} parameters; "
            "write `async def name(call, proceed)` or `def name(call)`"
        )
    return function if is_async else partial(_before, function)


async def _before(function: Callable[[Call], Any], call: Call, proceed: Proceed) -> Any:
    answer = await threads.run(lambda: function(call))
    return await proceed() if answer is None else answer
