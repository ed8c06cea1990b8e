"""One attempt of a job, in a worker: claim it, run its function within the timeout, record how it ended."""

from __future__ import annotations

import asyncio
import contextvars
import decimal
import inspect
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from billiard import common as billiard
from celery.exceptions import SoftTimeLimitExceeded, WorkerShutdown, WorkerTerminate
from django.db import DatabaseError, connection, connections

from podium.core import observe
from tasks import attempts, outcomes, sending
from tasks.attempts import Unreadable
from tasks.conf import conf
from tasks.definitions import Task, tasks
from tasks.models import Job, Reason
from tasks.outcomes import DATABASE_AWAY

logger = logging.getLogger("podium.tasks")

STOPS_WORKER = (KeyboardInterrupt, WorkerShutdown, WorkerTerminate)
JOIN_SECONDS = 1


@dataclass(frozen=True)
class Outcome:
    """The end of an attempt. It succeeded if there is no error."""

    error: str = ""
    reason: Reason = Reason.NONE


def run(job_id: str, message_id: str = "") -> None:
    """Run one job if it is due, pending and not claimed elsewhere. Failures are recorded in its row.

    Raises outcomes.DATABASE_AWAY if the job could not be claimed.
    """
    try:
        job = attempts.claim(job_id, message_id)
    except DATABASE_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  a stored value can raise anything when it is read
        attempts.mark_unreadable(job_id, error)
        return
    if job is None:
        logger.info("job %s does not run: it is not due, has already run or was cancelled", job_id)
        return
    outcome = _timed_out(job)
    try:
        with _signs_of_life(job):
            in_transaction = connection.in_atomic_block  # as in tests
            outcome = _attempt(job)
            if not in_transaction:
                _leave_transactions()
            _write(job, outcome)
    except (*DATABASE_AWAY, SoftTimeLimitExceeded):
        # The time limit may strike after the function has returned. Another thread writes the outcome, so that it
        # depends neither on Celery's limits nor on a database that does not answer.
        logger.warning("the outcome of %s, job %s, is waiting for the database", job.task, job.pk)
        outcomes.keep(partial(_write, job, outcome))


def _attempt(job: Job) -> Outcome:
    with observe.span("task", job.task) as span:
        span.user_id = job.user_id
        try:
            # Run in a copy of the context, so that changes such as the language and time zone end with the task.
            contextvars.copy_context().run(_run_job, job)
        except STOPS_WORKER:
            raise
        except BaseException as failure:  # sys.exit() in a task is a failure
            # Except when the process was asked to end.
            if billiard.terminate_handler_fired():  # type: ignore[attr-defined]  # missing from its stubs
                raise
            outcome = _failure(job, failure)
            span.error = outcome.error
            logger.error(
                "task %s failed, attempt %d of %d: %s",
                *(job.task, job.attempts - job.deaths, job.max_attempts, outcome.error),
            )
            return outcome
    return Outcome()


def _write(job: Job, outcome: Outcome) -> None:
    if not attempts.end(attempts.ours(job), outcome.error, outcome.reason):
        logger.error(
            "job %s of %s was given up while it ran here, or its outcome is already written",
            job.pk,
            job.task,
        )


def _failure(job: Job, failure: BaseException) -> Outcome:
    trace = traceback.format_exc()
    if isinstance(failure, SoftTimeLimitExceeded):
        return Outcome(f"{_timed_out(job).error}\n\n{trace}", Reason.TIMEOUT)
    if isinstance(failure, Unreadable):
        return Outcome(f"{failure}\n\n{trace}", Reason.UNREADABLE)
    return Outcome(trace, Reason.ERROR)


def _timed_out(job: Job) -> Outcome:
    return Outcome(f"{attempts.TIMED_OUT.format(sending.seconds(job))} and was stopped.", Reason.TIMEOUT)


def _run_job(job: Job) -> None:
    decimal.setcontext(decimal.getcontext().copy())  # a copied context still shares this object
    declared = tasks.get(job.task)
    if declared is None:
        raise Unreadable(f"There is no task {job.task}. Was it renamed or removed?")
    try:
        arguments = declared.decode(job.arguments)
    except Exception as error:
        raise Unreadable(f"The stored arguments do not fit the task: {error}") from error
    if inspect.iscoroutinefunction(declared.function):
        async_to_sync(_call_async)(declared, arguments)
    else:
        declared.function(**arguments)


async def _call_async(declared: Task, arguments: dict[str, Any]) -> None:
    limit = asyncio.timeout(declared.seconds)
    try:
        async with limit:
            await declared.function(**arguments)
    except TimeoutError:
        if limit.expired():
            raise SoftTimeLimitExceeded from None
        raise


def _leave_transactions() -> None:
    """Leave transactions that the task did not close: the outcome would be rolled back with them."""
    for each in connections.all(initialized_only=True):
        if each.in_atomic_block or not each.autocommit:
            each.close()
            del connections[each.alias]  # it may still consider itself in a transaction


@contextmanager
def _signs_of_life(job: Job) -> Iterator[None]:
    """Renew the lease from a separate thread while the job runs, three times per lease."""
    ended = threading.Event()

    def give() -> None:
        while not ended.wait(conf.LEASE_SECONDS / 3):
            try:
                attempts.renew(job)
            except DatabaseError as error:
                logger.warning("the lease of job %s could not be renewed: %s", job.pk, error)
            finally:
                connection.close()

    thread = threading.Thread(target=give, name="task-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(JOIN_SECONDS)  # limited: it may be waiting for a database that does not answer
