"""Schedule and cancel calls of tasks. The row is written first, in the caller's transaction.

from tasks.scheduling import schedule, task
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import QuerySet

from core import clock, observe
from schema.errors import WireError
from tasks import definitions, queue
from tasks.definitions import Task, task
from tasks.errors import TimeTooFar
from tasks.models import ScheduledCall, State

__all__ = ["acancel", "aschedule", "cancel", "schedule", "task"]

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
"""Every time zone can represent it."""
IDENTIFIER_LENGTH = 200


def schedule(
    fn: Callable[..., Any],
    *,
    after: timedelta | None = None,
    at: datetime | None = None,
    identifier: str = "",
    **arguments: Any,
) -> ScheduledCall:
    """Run a task later, in a worker; at once where neither `after` nor `at` is given.

    fn          a function with @task
    after       a timedelta from now; at: an aware time; not both. Times in the past mean now
    identifier  the key for cancel(), at most 200 characters; several calls may share one
    arguments   the function's, by name

    The call is stored in the caller's transaction and leaves when that commits; it runs once even if its message
    arrives twice, and also if the broker is down or loses it. docs/tasks.md explains when it can run again.
    Raises TimeTooFar (400), TypeError (not a task; a missing or unknown argument; after, at or identifier of the wrong
    type; a naive time), ValueError (identifier), WireError (an argument's value).
    One INSERT.
    """
    declared = definitions.of(fn)
    span = observe.current()
    call = ScheduledCall(
        task=declared.name,
        arguments=_stored(declared, arguments),
        run_at=_time(after, at),
        identifier=_identifier(identifier),
        user_id=span.user_id if span else "",
        max_attempts=1 + declared.retries,
    )
    queue.put(call)
    return call


async def aschedule(
    fn: Callable[..., Any],
    *,
    after: timedelta | None = None,
    at: datetime | None = None,
    identifier: str = "",
    **arguments: Any,
) -> ScheduledCall:
    """What schedule() does, from async code."""
    return await sync_to_async(schedule)(fn, after=after, at=at, identifier=identifier, **arguments)


def cancel(identifier: str) -> int:
    """Cancel the calls of that identifier that have not started; gives how many. What runs already runs to its end."""
    if not identifier:
        raise ValueError("cancel() needs the identifier that was given to schedule()")
    return cancel_calls(ScheduledCall.objects.filter(identifier=identifier))


async def acancel(identifier: str) -> int:
    """What cancel() does, from async code."""
    return await sync_to_async(cancel)(identifier)


def cancel_calls(calls: QuerySet[ScheduledCall]) -> int:
    """Cancel those of the given calls that have not started; gives how many."""
    return calls.filter(state=State.PENDING).update(state=State.CANCELLED, finished_at=clock.now())


def retry_calls(calls: QuerySet[ScheduledCall]) -> int:
    """Run failed and cancelled calls once more, now; gives how many."""
    ended = [State.FAILED, State.CANCELLED]
    with transaction.atomic():
        chosen = list(calls.filter(state__in=ended).select_for_update())
        for call in chosen:
            call.run_at, call.finished_at = clock.now(), None
            call.max_attempts, call.deaths = call.attempts + 1, 0
            queue.put(call, "run_at", "finished_at", "max_attempts", "deaths")
    return len(chosen)


def _time(after: timedelta | None, at: datetime | None) -> datetime:
    if after is not None and at is not None:
        raise TypeError("give schedule() either after= or at=, not both")
    if after is not None and not isinstance(after, timedelta):
        raise TypeError(f"after={after!r} is not a timedelta; write for example timedelta(minutes=5)")
    if at is not None and not isinstance(at, datetime):
        raise TypeError(f"at={at!r} is not a datetime; write for example datetime(2030, 1, 1, tzinfo=UTC)")
    if at is not None and at.utcoffset() is None:
        raise TypeError("at= has no time zone; write for example datetime(2030, 1, 1, tzinfo=UTC)")
    try:
        if at is not None:
            return max(at.astimezone(UTC), EARLIEST)
        return clock.now() + max(after or timedelta(), timedelta())
    except OverflowError:
        raise TimeTooFar(at=str(at), after=str(after)) from None


def _identifier(identifier: str) -> str:
    if not isinstance(identifier, str):
        raise TypeError(f"identifier={identifier!r} is not a text")
    if len(identifier) > IDENTIFIER_LENGTH or not _is_storable(identifier):
        raise ValueError(
            f"identifier= must have at most {IDENTIFIER_LENGTH} characters, without NUL and lone surrogates"
        )
    return identifier


def _stored(declared: Task, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments in their stored form. Postgres refuses NUL and lone surrogates, which would end the transaction."""
    encoded = declared.encode(arguments)
    for name, value in encoded.items():
        if not all(map(_is_storable, _texts(value))):
            raise WireError("a text must not contain NUL or lone surrogates", path=name)
    return encoded


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
