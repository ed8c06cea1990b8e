"""Definitions of tasks and their options. Declared with @task in an app's tasks.py."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar, overload

from celery.schedules import crontab

from podium.wire.codecs import codec
from podium.wire.types import TypeRef
from tasks import signatures, validation
from tasks.conf import conf

F = TypeVar("F", bound=Callable[..., Any])

RESERVED = frozenset({"fn", "after", "at", "identifier"})
"""Names of schedule()'s own parameters: a task can't have them."""


@dataclass(frozen=True)
class Task:
    """One function that can run later.

    name     "example.send_reminder": the app and the function
    retries  how often a failed job is tried again
    backoff  the wait before the first retry; it doubles with each further one
    timeout  how long one attempt may take
    every    how often it recurs by itself; None: only when scheduled
    """

    name: str
    function: Callable[..., Any]
    retries: int = 0
    backoff: timedelta | None = None
    timeout: timedelta | None = None
    every: timedelta | crontab | None = None

    @cached_property
    def parameters(self) -> dict[str, TypeRef]:
        """The wire types of its parameters. Raises TypeError that names each that has none."""
        return signatures.parameters(self.function)

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return _place(self.function)

    @property
    def seconds(self) -> float:
        """The maximum duration of one attempt."""
        return self.timeout.total_seconds() if self.timeout else float(conf.TIMEOUT_SECONDS)

    def wait(self, attempts: int) -> timedelta:
        """The wait after the given number of failed attempts."""
        first = self.backoff.total_seconds() if self.backoff is not None else conf.BACKOFF_SECONDS
        doubled = first * 2.0 ** min(attempts - 1, 30)
        return timedelta(seconds=min(doubled, conf.BACKOFF_MAX_SECONDS))

    def encode(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments as they are stored. Raises TypeError for a missing or unknown one, WireError for a wrong one."""
        try:
            inspect.signature(self.function).bind(**arguments)
        except TypeError as error:
            raise TypeError(f"{self.name}(): {error}") from None
        return {name: codec(self.parameters[name]).encode(value) for name, value in arguments.items()}

    def decode(self, stored: Any) -> dict[str, Any]:
        """The arguments in the form that the function takes. Raises TypeError and WireError if they do not fit."""
        if not isinstance(stored, dict):
            raise TypeError(
                f"{self.name}(): expected an object as the stored arguments, got {type(stored).__name__}"
            )
        unknown = sorted(stored.keys() - self.parameters.keys())
        if unknown:
            raise TypeError(f"{self.name}() no longer has the parameter {', '.join(unknown)}")
        arguments = {
            name: codec(self.parameters[name]).decode(value, trusted=True) for name, value in stored.items()
        }
        try:
            inspect.signature(self.function).bind(**arguments)
        except TypeError as error:
            raise TypeError(f"{self.name}(): {error}") from None
        return arguments


tasks: dict[str, Task] = {}
"""Every task by its name, after autodiscovery."""


def of(function: Callable[..., Any]) -> Task:
    """Return the task of a function. Raises TypeError."""
    declared: Task | None = getattr(function, "podium_task", None)
    if declared is None:
        raise TypeError(f"{getattr(function, '__qualname__', function)} is not a task; write @task above it")
    return declared


@overload
def task(function: F) -> F: ...


@overload
def task(
    *,
    retries: int = 0,
    backoff: timedelta | None = None,
    timeout: timedelta | None = None,
    every: timedelta | crontab | None = None,
) -> Callable[[F], F]: ...


def task(function: Any = None, **options: Any) -> Any:
    """Make a function in an app's tasks.py a task, which can run later. It stays an ordinary function.

    retries  how often a failed job is retried; a job whose worker died runs again in any case
    backoff  the wait before the first retry (default TASKS_BACKOFF_SECONDS), doubled for each further one
    timeout  how long one attempt may take (default TASKS_TIMEOUT_SECONDS)
    every    a timedelta of whole seconds, or celery.schedules.crontab (UTC): the task recurs without arguments;
             an interval counts from midnight UTC of 1 January 1970, so "every hour" means at every full hour

    The function may be sync or async; its parameters have wire types, as an endpoint's have.
    Raises TypeError with file, line and every invalid option. Signatures are checked at start (tasks/checks.py).
    """
    if function is None:
        return lambda decorated: _declare(decorated, options)
    return _declare(function, options)


def _declare(function: F, options: dict[str, Any]) -> F:
    if not inspect.isfunction(inspect.unwrap(function) if callable(function) else function):
        raise TypeError(f"@task decorates {function!r}, which is not a function; write it above a def")
    name, place = _name(function), _place(function)
    faults = [*validation.function_faults(function, name), *validation.option_faults(options)]
    other = tasks.get(name)
    if other is not None and other.place != place:
        faults.append(f"another task has this name: {other.place}")
    if faults:
        raise TypeError(f"{place} {name}: {'; '.join(faults)}")
    tasks[name] = Task(name=name, function=function, **options)
    function.podium_task = tasks[name]  # type: ignore[attr-defined]
    return function


def _place(function: Callable[..., Any]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{code.co_filename}:{code.co_firstlineno}"


def _name(function: Callable[..., Any]) -> str:
    """ "example.send_reminder" for send_reminder in example/tasks.py."""
    app = function.__module__.removesuffix(".tasks").rpartition(".")[2]
    return f"{app}.{function.__name__}"
