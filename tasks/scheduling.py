"""Schedule and cancel calls of tasks. The row is written first, in the caller's transaction; running is tasks/queue.py.

from tasks.scheduling import schedule, task
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import QuerySet

from core import clock, observe
from tasks import definitions, queue
from tasks.definitions import task
from tasks.errors import TimeTooFar
from tasks.models import ScheduledCall, State

__all__ = ["acancel", "aschedule", "cancel", "schedule", "task"]


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
    after       how long from now, at once where it is negative; at: an aware time; not both
    identifier  what cancel() will find it by; several calls may share one
    arguments   the function's, by name

    The call is stored in the caller's transaction and leaves when that commits; it runs once even if its message
    arrives twice, and also if the broker is down now or loses it.
    Raises TimeTooFar (400), TypeError (no task; a wrong, missing or unknown argument; a naive time), WireError (an
    argument's value).
    One INSERT.
    """
    declared = definitions.of(fn)
    span = observe.current()
    call = ScheduledCall(
        task=declared.name,
        arguments=declared.encode(arguments),
        run_at=_time(after, at),
        identifier=identifier,
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
            call.state, call.run_at, call.finished_at = State.PENDING, clock.now(), None
            call.max_attempts = call.attempts + 1
            queue.put(call)
    return len(chosen)


def _time(after: timedelta | None, at: datetime | None) -> datetime:
    if after is not None and at is not None:
        raise TypeError("give schedule() either after= or at=, not both")
    if at is not None and at.tzinfo is None:
        raise TypeError("at= has no time zone; write for example datetime(2030, 1, 1, tzinfo=UTC)")
    try:
        return at if at is not None else clock.now() + max(after or timedelta(), timedelta())
    except OverflowError:
        raise TimeTooFar(after=str(after)) from None
