"""Schedule and cancel jobs of tasks. The row is written first, in the caller's transaction.

from tasks.scheduling import schedule, task
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import QuerySet

from podium.core import clock, observe
from podium.wire import texts
from podium.wire.errors import WireError
from tasks import definitions, queue
from tasks.definitions import Task, task
from tasks.errors import TimeTooFar
from tasks.models import Job, State

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
) -> Job:
    """Run a task later, in a worker; at once if neither `after` nor `at` is given.

    fn          a function with @task
    after       a timedelta from now; at: an aware time; not both. Times in the past mean now
    identifier  the key for cancel(), at most 200 characters; several jobs may share one
    arguments   the function's, by name

    The job is stored in the caller's transaction, and its message is sent when that commits. The job runs once, even if
    the message arrives twice or is lost. docs/how-to/tasks.md explains when it can run again.
    Raises TimeTooFar (400), TypeError (not a task; a missing or unknown argument; after, at or identifier of the wrong
    type; a naive time), ValueError (identifier), WireError (an argument's value).
    One INSERT.
    """
    declared = definitions.of(fn)
    span = observe.current()
    job = Job(
        task=declared.name,
        arguments=_stored(declared, arguments),
        run_at=_time(after, at),
        identifier=_identifier(identifier),
        user_id=span.user_id if span else "",
        max_attempts=1 + declared.retries,
    )
    queue.put(job)
    return job


async def aschedule(
    fn: Callable[..., Any],
    *,
    after: timedelta | None = None,
    at: datetime | None = None,
    identifier: str = "",
    **arguments: Any,
) -> Job:
    """Do the same as schedule(), from async code."""
    return await sync_to_async(schedule)(fn, after=after, at=at, identifier=identifier, **arguments)


def cancel(identifier: str) -> int:
    """Cancel the jobs of that identifier that have not started. Return their number. Running jobs continue."""
    if not identifier:
        raise ValueError("cancel() needs the identifier that was given to schedule()")
    return cancel_jobs(Job.objects.filter(identifier=identifier))


async def acancel(identifier: str) -> int:
    """Do the same as cancel(), from async code."""
    return await sync_to_async(cancel)(identifier)


def cancel_jobs(jobs: QuerySet[Job]) -> int:
    """Cancel those of the given jobs that have not started. Return their number."""
    return jobs.filter(state=State.PENDING).update(state=State.CANCELLED, finished_at=clock.now())


def retry_jobs(jobs: QuerySet[Job]) -> int:
    """Run failed and cancelled jobs once more, now. Return their number."""
    ended = [State.FAILED, State.CANCELLED]
    with transaction.atomic():
        chosen = list(jobs.filter(state__in=ended).select_for_update())
        for job in chosen:
            job.run_at, job.finished_at = clock.now(), None
            job.max_attempts, job.deaths = job.attempts + 1, 0
            queue.put(job, "run_at", "finished_at", "max_attempts", "deaths")
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
        raise TypeError(f"identifier={identifier!r} is not a string")
    if len(identifier) > IDENTIFIER_LENGTH or texts.problem(identifier):
        raise ValueError(
            f"identifier= must have at most {IDENTIFIER_LENGTH} characters, without NUL and lone surrogates"
        )
    return identifier


def _stored(declared: Task, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments in their stored form. Postgres refuses NUL and lone surrogates, which would end the transaction."""
    encoded = declared.encode(arguments)
    if found := texts.fault(encoded):
        raise WireError(f"expected String, got {found[1]}", path=found[0])
    return encoded
